import type { ReceivedSpan } from '../telemetry.interface.js';
import type { OtlpSpan, OtlpTraceRequest } from './otlp-message.interface.js';
import { readAttributes, readId, readNanos } from './otlp-value.js';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;
/** `SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK`; set only together with its "known" bit. */
const PARENT_IS_REMOTE = 0x200;

/** The spans of an export request, flat, each with the name of its service. */
export function decodeTraces(request: OtlpTraceRequest): ReceivedSpan[] {
  return (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const name = readAttributes(resource?.attributes)['service.name'];
    const service = typeof name === 'string' ? name : 'unknown service';
    const spans = (scopeSpans ?? []).flatMap((scope) => scope.spans ?? []);
    return spans.map((span) => decodeSpan(span, service));
  });
}

function decodeSpan(span: OtlpSpan, service: string): ReceivedSpan {
  const parentSpanId = readId(span.parentSpanId);
  return {
    ...readIds(span),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    parentIsRemote: ((span.flags ?? 0) & PARENT_IS_REMOTE) !== 0,
    name: span.name ?? '',
    kind: KINDS[span.kind ?? 0] ?? 'UNSPECIFIED',
    startNanos: readNanos(span.startTimeUnixNano),
    endNanos: readNanos(span.endTimeUnixNano),
    status: STATUSES[span.status?.code ?? 0] ?? 'UNSET',
    ...(span.status?.message ? { statusMessage: span.status.message } : {}),
    attributes: readAttributes(span.attributes),
    events: (span.events ?? []).map((event) => ({
      name: event.name ?? '',
      timeNanos: readNanos(event.timeUnixNano),
      attributes: readAttributes(event.attributes),
    })),
    links: (span.links ?? []).map((link) => ({
      ...readIds(link),
      attributes: readAttributes(link.attributes),
    })),
    service,
  };
}

function readIds(source: Pick<OtlpSpan, 'traceId' | 'spanId'>) {
  const traceId = readId(source.traceId);
  const spanId = readId(source.spanId);
  if (traceId && spanId) return { traceId, spanId };
  throw new Error('A span or link has no trace id or span id: the sender must set both.');
}
