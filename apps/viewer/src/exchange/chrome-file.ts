import type { SpanTable } from '../analysis/span-table.js';
import { rounded } from '../detail/span-columns.js';
import type { TraceAnalysis } from '../detail/trace-detail.js';
import type { AttributeMap, ReceivedEvent, ReceivedSpan } from '../telemetry.interface.js';
import { lanesOf } from './lanes.js';

/** What Perfetto, speedscope and the tools of browsers read. */
export function chromeFile({ trace, table }: TraceAnalysis): object {
  const lanes = lanesOf(table);
  const offset = Number(table.startNanos / 1_000n);
  const events = table.spans.flatMap((span, at) => {
    if (!span) return [];
    const place = { pid: table.clock[at]! + 1, tid: lanes[at]! + 1 };
    const ts = rounded(offset + table.start[at]!);
    const dur = rounded(table.end[at]! - table.start[at]!);
    const whole = { name: span.name, cat: span.kind, ph: 'X', ts, dur, ...place };
    const moved = table.offsets[table.clock[at]!] ?? 0;
    return [
      { ...whole, args: argsOf(span) },
      ...span.events.map((event) => instantOf(span, event, moved, place)),
    ];
  });
  return {
    displayTimeUnit: 'ms',
    otherData: { traceId: trace.traceId },
    traceEvents: [...processNames(table), ...events, ...flows(table, lanes, offset)],
  };
}

/** An event of a span, which keeps the ids of its span. */
function instantOf(
  { traceId, spanId }: ReceivedSpan,
  { name, timeNanos, attributes }: ReceivedEvent,
  moved: number,
  place: object,
): object {
  const ts = rounded(Number(timeNanos / 1_000n) + Number(timeNanos % 1_000n) / 1e3 + moved);
  const args = { trace_id: traceId, span_id: spanId, attributes: pairsOf(attributes) };
  return { name, cat: 'event', ph: 'i', s: 't', ts, ...place, args };
}

/** Pairs, as a key of a sender may be `__proto__`. */
function pairsOf(attributes: AttributeMap): object {
  return Object.fromEntries(Object.entries(attributes));
}

function argsOf(span: ReceivedSpan): object {
  const { traceId, spanId, parentSpanId, status, statusMessage } = span;
  const attributes = pairsOf(span.attributes);
  return {
    trace_id: traceId,
    span_id: spanId,
    ...(parentSpanId === undefined ? {} : { parent_span_id: parentSpanId }),
    status,
    ...(statusMessage === undefined ? {} : { status_message: statusMessage }),
    attributes,
  };
}

function processNames({ spans, clock }: SpanTable): object[] {
  const names = new Map<number, string>();
  for (const [at, span] of spans.entries()) {
    if (span && !names.has(clock[at]!)) names.set(clock[at]!, span.service);
  }
  return [...names].map(([process, name]) => ({
    name: 'process_name',
    ph: 'M',
    pid: process + 1,
    tid: 0,
    args: { name },
  }));
}

/** Arrows from a parent to a child in another process or lane. */
function flows({ parent, start, clock }: SpanTable, lanes: Int32Array, offset: number): object[] {
  return [...parent.entries()].flatMap(([at, above]) => {
    if (above < 0 || clock[above]! < 0) return [];
    if (clock[above] === clock[at] && lanes[above] === lanes[at]) return [];
    const shared = { name: 'call', cat: 'call', id: at, ts: rounded(offset + start[at]!) };
    return [
      { ...shared, ph: 's', pid: clock[above]! + 1, tid: lanes[above]! + 1 },
      { ...shared, ph: 'f', bp: 'e', pid: clock[at]! + 1, tid: lanes[at]! + 1 },
    ];
  });
}
