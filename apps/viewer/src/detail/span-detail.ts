import type { StoredTrace } from '../store/stored-trace.js';
import type { AttributeMap, AttributeValue, ReceivedSpan } from '../telemetry.interface.js';
import type { Attributes, PlainValue, SpanDetail } from '../wire/span-detail.interface.js';
import { KINDS } from '../wire/span-codes.js';
import { rounded } from './span-columns.js';

const NOTHING_LOST = { attributes: 0, events: 0, links: 0 };
/** Log lines of one span that are sent at once. */
const MAX_LOGS = 1_000;

/** Everything that is known of one span, as it was sent. */
export function spanDetail(span: ReceivedSpan, trace: StoredTrace): SpanDetail {
  const micros = (nanos: bigint) => rounded(Number(nanos - trace.facts.startNanos) / 1e3);
  const { name = '', version = '' } = span.origin?.scope ?? {};
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? null,
    name: span.name,
    kind: KINDS.find((kind) => kind === span.kind) ?? 'UNSPECIFIED',
    service: span.service,
    startUnixNano: String(span.startNanos),
    endUnixNano: String(span.endNanos),
    status: span.status,
    statusMessage: span.statusMessage ?? '',
    traceState: span.traceState ?? '',
    scope: { name, version },
    attributes: pairs(span.attributes),
    resource: pairs(span.origin?.resource ?? {}),
    events: span.events.map((event) => ({
      name: event.name,
      time: micros(event.timeNanos),
      attributes: pairs(event.attributes),
    })),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      traceId,
      spanId,
      attributes: pairs(attributes),
    })),
    logs: trace.logs
      .filter(({ spanId }) => spanId === span.spanId)
      .slice(0, MAX_LOGS)
      .map(({ timeNanos, severity, message, attributes }) => ({
        time: micros(timeNanos),
        severity,
        message,
        attributes: pairs(attributes),
      })),
    dropped: span.lost ?? NOTHING_LOST,
  };
}

/** Pairs, as an object would give some keys a meaning. */
function pairs(attributes: AttributeMap): Attributes {
  return Object.keys(attributes).map((key) => [key, plain(attributes[key]!)] as const);
}

// Values are only as deep as the receivers let them be.
function plain(value: AttributeValue): PlainValue {
  if (Array.isArray(value)) return value.map(plain);
  // JSON has no such numbers.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'object' && value !== null ? { pairs: pairs(value) } : value;
}
