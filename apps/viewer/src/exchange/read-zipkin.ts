import { decodeTraces } from '../receiving/otlp/decode-traces.js';
import { fieldsOf, listOf, malformed, textOf, type Fields } from '../receiving/otlp/fields.js';
import { Refusal } from '../receiving/refusal.error.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { nanosOfMicros, otlpValueOf, paddedId, readAt, requiredId } from './foreign-fields.js';
import { takeStatus } from './foreign-tags.js';
import { OtlpRequest } from './otlp-request.js';
import { SharedSpans, type SpanPlace } from './shared-spans.js';

const KINDS = new Set(['SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']);

/** A span with what has to be known of all before any is told. */
interface ZipkinSpan extends SpanPlace {
  readonly fields: Fields;
  readonly place: string;
  readonly startNanos: bigint;
}

/** Whether this is a span of Zipkin. */
export function isZipkin(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'traceId' in value && 'id' in value;
}

/**
 * Spans of a list of Zipkin's, version 2: tags become attributes, annotations events. Where a caller
 * and a callee share one span, the callee's gets an id of its own below the caller's.
 *
 * @throws Refusal that names the span at which the list cannot be read.
 */
export function readZipkin(list: readonly Fields[]): ReceivedSpan[] {
  const spans = list.map((fields, at) => readAt(`[${at}]`, () => readPlace(fields, `[${at}]`)));
  const shared = new SharedSpans(spans);
  const started = spans.map(({ startNanos }) => startNanos).filter((nanos) => nanos > 0n);
  const first = started.reduce((one, other) => (other < one ? other : one), started[0] ?? 0n);
  const request = new OtlpRequest();
  for (const span of spans) {
    const { service } = span;
    const resource = () => [{ key: 'service.name', value: { stringValue: service } }];
    const told = readAt(span.place, () => spanOf(span, shared, first));
    request.add(told, { key: service, resource });
  }
  return decodeTraces(request.message);
}

function readPlace(fields: Fields, place: string): ZipkinSpan {
  if ('binaryAnnotations' in fields) {
    throw new Refusal('malformed', "This is Zipkin's version 1: save it as version 2.");
  }
  const [annotation = {}] = listOf(fields, 'annotations');
  return {
    fields,
    place,
    traceId: requiredId(fields, 'traceId', 16),
    spanId: requiredId(fields, 'id', 8),
    parentSpanId: paddedId(fields, 'parentId', 8),
    service: textOf(fieldsOf(fields, 'localEndpoint'), 'serviceName') || 'unknown service',
    isShared: fields['shared'] === true,
    startNanos: nanosOfMicros(fields, 'timestamp') || nanosOfMicros(annotation, 'timestamp'),
  };
}

/** A span of which nobody knows the time begins with the first. */
function spanOf(span: ZipkinSpan, shared: SharedSpans, first: bigint): Fields {
  const { fields, traceId } = span;
  const kind = textOf(fields, 'kind');
  const start = span.startNanos || first;
  const tags = tagsOf(fields);
  return {
    traceId,
    ...shared.idsOf(span),
    name: textOf(fields, 'name'),
    kind: KINDS.has(kind) ? `SPAN_KIND_${kind}` : 'SPAN_KIND_INTERNAL',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + nanosOfMicros(fields, 'duration')),
    status: takeStatus(tags),
    events: listOf(fields, 'annotations').map((annotation) => ({
      name: textOf(annotation, 'value'),
      timeUnixNano: String(nanosOfMicros(annotation, 'timestamp')),
    })),
    attributes: [
      ...Array.from(tags, ([key, value]) => ({ key, value: otlpValueOf(value) })),
      ...endpointOf(fields, 'localEndpoint', 'network.local'),
      ...endpointOf(fields, 'remoteEndpoint', 'network.peer'),
    ],
  };
}

function tagsOf(fields: Fields): Map<string, unknown> {
  return new Map(Object.entries(fieldsOf(fields, 'tags')));
}

function endpointOf(fields: Fields, field: string, prefix: string): Fields[] {
  const endpoint = fieldsOf(fields, field);
  const { port = 0 } = endpoint;
  if (typeof port !== 'number') throw malformed(`${field}.port`, port, 'a number');
  const address = textOf(endpoint, 'ipv4') || textOf(endpoint, 'ipv6');
  const peer = field === 'remoteEndpoint' ? textOf(endpoint, 'serviceName') : '';
  return [
    ...(address === '' ? [] : [{ key: `${prefix}.address`, value: { stringValue: address } }]),
    ...(port === 0 ? [] : [{ key: `${prefix}.port`, value: otlpValueOf(port) }]),
    ...(peer === '' ? [] : [{ key: 'peer.service', value: { stringValue: peer } }]),
  ];
}
