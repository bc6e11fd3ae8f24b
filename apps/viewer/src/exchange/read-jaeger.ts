import { decodeTraces } from '../receiving/otlp/decode-traces.js';
import { countOf, fieldsOf, listOf, textOf, type Fields } from '../receiving/otlp/fields.js';
import { Refusal } from '../receiving/refusal.error.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { nanosOfMicros, paddedId, readAt, requiredId } from './foreign-fields.js';
import { takeMember, takeStatus, takeText } from './foreign-tags.js';
import { JaegerTags } from './jaeger-tags.js';
import { OtlpRequest } from './otlp-request.js';

const KINDS = new Map<unknown, string>(
  ['internal', 'server', 'client', 'producer', 'consumer'].map((kind) => [
    kind,
    `SPAN_KIND_${kind.toUpperCase()}`,
  ]),
);
/** What OpenTracing had for what OpenTelemetry records of an exception. */
const EXCEPTION_FIELDS = [
  ['error.kind', 'exception.type'],
  ['message', 'exception.message'],
  ['stack', 'exception.stacktrace'],
] as const;

/** Whether this is what Jaeger's page saves and its `/api/traces` answers, or a trace of it alone. */
export function isJaeger(file: Fields): boolean {
  if (isWithoutTraces(file)) return true;
  const first: unknown = Array.isArray(file['data']) ? file['data'][0] : file;
  return typeof first === 'object' && first !== null && 'spans' in first && 'processes' in first;
}

/** What `/api/traces` answers if nothing was found. */
function isWithoutTraces({ data, errors }: Fields): boolean {
  return Array.isArray(data) ? data.length === 0 : data === null && Array.isArray(errors);
}

/**
 * Spans of a file of Jaeger: tags become attributes, logs events, references the parent and links, as
 * OpenTelemetry's specification has the way back.
 *
 * @throws Refusal that names the span at which the file cannot be read, and of a file without traces.
 */
export function readJaeger(file: Fields): ReceivedSpan[] {
  if (isWithoutTraces(file)) {
    throw new Refusal(
      'malformed',
      'This is an answer of Jaeger without traces: widen the search and save it again.',
    );
  }
  const request = new OtlpRequest();
  if (!('data' in file)) addTrace(request, file, '');
  else {
    for (const [at, trace] of listOf(file, 'data').entries()) {
      addTrace(request, trace, `data[${at}].`);
    }
  }
  return decodeTraces(request.message);
}

function addTrace(request: OtlpRequest, trace: Fields, place: string): void {
  const processes = readAt(`${place}processes`, () => fieldsOf(trace, 'processes'));
  const spans = readAt(`${place}spans`, () => listOf(trace, 'spans'));
  for (const [at, span] of spans.entries()) {
    readAt(`${place}spans[${at}]`, () => addSpan(request, span, processes));
  }
}

function addSpan(request: OtlpRequest, span: Fields, processes: Fields): void {
  const tags = new JaegerTags(span, 'tags');
  const id = textOf(span, 'processID');
  const process = Object.hasOwn(processes, id)
    ? fieldsOf(processes, id)
    : fieldsOf(span, 'process');
  const scope = { name: scopePart(tags, 'name'), version: scopePart(tags, 'version') };
  request.add(spanOf(span, tags), { key: process, resource: () => resourceOf(process), scope });
}

function scopePart(tags: JaegerTags, part: string): string {
  return takeText(tags, `otel.scope.${part}`) || takeText(tags, `otel.library.${part}`);
}

function resourceOf(process: Fields): Fields[] {
  const service = { key: 'service.name', value: { stringValue: textOf(process, 'serviceName') } };
  return [...new JaegerTags(process, 'tags').attributes, service];
}

function spanOf(span: Fields, tags: JaegerTags): Fields {
  const start = nanosOfMicros(span, 'startTime');
  takeText(tags, 'internal.span.format');
  return {
    traceId: requiredId(span, 'traceID', 16),
    spanId: requiredId(span, 'spanID', 8),
    ...relationsOf(span),
    flags: countOf(span, 'flags') & 0xff,
    traceState: takeText(tags, 'w3c.tracestate'),
    name: textOf(span, 'operationName'),
    kind: takeMember(tags, 'span.kind', KINDS) ?? 'SPAN_KIND_INTERNAL',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + nanosOfMicros(span, 'duration')),
    status: takeStatus(tags),
    events: listOf(span, 'logs').map(eventOf),
    attributes: tags.attributes,
  };
}

/** The first span of the same trace that it is a child of is its parent, else one that it follows. */
function relationsOf(span: Fields): Fields {
  const references = listOf(span, 'references').map((reference) => ({
    traceId: requiredId(reference, 'traceID', 16),
    spanId: requiredId(reference, 'spanID', 8),
    isChild: reference['refType'] === 'CHILD_OF',
  }));
  const traceId = requiredId(span, 'traceID', 16);
  const own = references.filter((reference) => reference.traceId === traceId);
  const parent = own.find(({ isChild }) => isChild) ?? own[0];
  const links = references.filter((reference) => reference !== parent);
  return {
    parentSpanId: parent?.spanId ?? paddedId(span, 'parentSpanID', 8),
    links: links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: [
        {
          key: 'opentracing.ref_type',
          value: { stringValue: link.isChild ? 'child_of' : 'follows_from' },
        },
      ],
    })),
  };
}

function eventOf(log: Fields): Fields {
  const fields = new JaegerTags(log, 'fields');
  const event = takeText(fields, 'event');
  const isException = event === 'error' && EXCEPTION_FIELDS.some(([field]) => fields.has(field));
  if (isException) for (const [from, to] of EXCEPTION_FIELDS) fields.rename(from, to);
  return {
    name: isException ? 'exception' : event || takeText(fields, 'message') || 'log',
    timeUnixNano: String(nanosOfMicros(log, 'timestamp')),
    attributes: fields.attributes,
  };
}
