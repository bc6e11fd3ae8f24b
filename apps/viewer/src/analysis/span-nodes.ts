import type { ReceivedSpan } from '../telemetry.interface.js';

/** Spans and who is whose parent, in no order; what is named and never arrived is there without a span. */
export interface SpanNodes {
  readonly spans: (ReceivedSpan | undefined)[];
  readonly ids: string[];
  /** -1 for a root: one without a parent, or whose parent is of a process that is not here. */
  readonly parent: Int32Array;
}

/** Joins spans to their parents. Of several with one id the first is the parent of whoever names it. */
export function joinSpans(received: Iterable<ReceivedSpan>): SpanNodes {
  const spans: (ReceivedSpan | undefined)[] = [...received];
  const count = spans.length;
  const ids = spans.map((span) => span!.spanId);
  const index = new Map<string, number>();
  for (let at = count - 1; at >= 0; at--) index.set(ids[at]!, at);
  const placeOf = (id: string): number => {
    const known = index.get(id);
    if (known !== undefined) return known;
    index.set(id, ids.length);
    spans.push(undefined);
    return ids.push(id) - 1;
  };
  const parents = new Int32Array(count).fill(-1);
  for (let at = 0; at < count; at++) {
    const { parentSpanId, parentIsRemote } = spans[at]!;
    const isStranger = parentIsRemote && !index.has(parentSpanId ?? '');
    if (parentSpanId !== undefined && !isStranger) parents[at] = placeOf(parentSpanId);
  }
  const parent = new Int32Array(spans.length).fill(-1);
  parent.set(parents);
  return { spans, ids, parent };
}
