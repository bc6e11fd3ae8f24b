import { SPAN_FLAG } from '../wire/trace-detail.interface.js';
import type { SpanNodes } from './span-nodes.js';

const NANOS_PER_MICRO = 1_000;

/** When spans start and end, in microseconds after the first of them. */
export interface SpanTimes {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly flags: Uint16Array;
  readonly startNanos: bigint;
}

/** Reads the times of spans. One that ends before it starts has none, one that is open ends with the last. */
export function readTimes({ spans, parent }: SpanNodes): SpanTimes {
  const startNanos = earliest(spans);
  const start = new Float64Array(spans.length);
  const end = new Float64Array(spans.length);
  const flags = new Uint16Array(spans.length);
  const micros = (nanos: bigint) => Number(nanos - startNanos) / NANOS_PER_MICRO;
  let last = 0;
  for (let at = 0; at < spans.length; at++) {
    const span = spans[at];
    if (!span) continue;
    // A sender that does not know when a span started leaves 0, which is in 1970.
    start[at] = span.startNanos === 0n ? 0 : micros(span.startNanos);
    const isNegative = span.endNanos < span.startNanos;
    end[at] = isNegative ? start[at]! : Math.max(start[at]!, micros(span.endNanos));
    if (isNegative && !span.isPending) flags[at]! |= SPAN_FLAG.negative;
    last = Math.max(last, end[at]!);
  }
  for (let at = 0; at < spans.length; at++) {
    if (!spans[at]?.isPending) continue;
    end[at] = last;
    flags[at]! |= SPAN_FLAG.pending;
  }
  placeMissing({ spans, parent }, { start, end, flags });
  return { start, end, flags, startNanos };
}

function earliest(spans: SpanNodes['spans']): bigint {
  let first = 0n;
  for (const span of spans) {
    const nanos = span?.startNanos || span?.endNanos || 0n;
    if (nanos !== 0n && (first === 0n || nanos < first)) first = nanos;
  }
  return first;
}

/** What never arrived is drawn around what names it. */
function placeMissing(
  { spans, parent }: Pick<SpanNodes, 'spans' | 'parent'>,
  { start, end, flags }: Pick<SpanTimes, 'start' | 'end' | 'flags'>,
): void {
  for (let at = 0; at < parent.length; at++) {
    const above = parent[at]!;
    if (above < 0 || spans[above]) continue;
    const isFirst = (flags[above]! & SPAN_FLAG.missing) === 0;
    flags[above]! |= SPAN_FLAG.missing;
    start[above] = isFirst ? start[at]! : Math.min(start[above]!, start[at]!);
    end[above] = isFirst ? end[at]! : Math.max(end[above]!, end[at]!);
  }
}
