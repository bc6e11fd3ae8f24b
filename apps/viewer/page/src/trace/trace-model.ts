import { OUTCOMES, SPAN_FLAG } from '../../../src/wire/span-codes.js';
import type { TraceDetail } from '../../../src/wire/trace-detail.interface.js';
import { groupBy, type Groups } from './groups.js';
import type { JoinedPart } from './join-traces.js';

const CANCELLED = OUTCOMES.indexOf('cancelled');

/** One trace as typed arrays: a span is an index, its subtree is the range up to `end`. */
export interface TraceModel {
  readonly detail: TraceDetail;
  readonly count: number;
  /** How many of them are of this trace; those of others that it is shown with stand behind. */
  readonly ownCount: number;
  readonly parts: readonly JoinedPart[];
  /** -1 for a root. */
  readonly parent: Int32Array;
  /** One past the last span below each. */
  readonly end: Int32Array;
  readonly depth: Int32Array;
  readonly children: Int32Array;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly self: Float64Array;
  /** How many calls each stands for: one, but for those that were collapsed. */
  readonly calls: Float64Array;
  /** Microseconds that its calls took together. */
  readonly took: Float64Array;
  readonly flags: Uint16Array;
  readonly outcome: Uint8Array;
  readonly service: Int32Array;
  readonly name: Int32Array;
  readonly statement: Int32Array;
  readonly eventsOf: Groups;
  readonly linksOf: Groups;
  readonly logsOf: Groups;
  readonly pathOf: Groups;
  /** Links between the spans that are shown: the link and the span that it leads to, one after the other. */
  readonly curves: Int32Array;
}

/** Turns an answer of the server into arrays that rows, bars and searches are made from. */
export function modelOf(detail: TraceDetail, parts: readonly JoinedPart[] = []): TraceModel {
  const { spans } = detail;
  const count = spans.parent.length;
  const parent = new Int32Array(spans.parent);
  const flags = new Uint16Array(spans.flags);
  return {
    detail,
    count,
    ownCount: parts[0]?.from ?? count,
    parts,
    parent,
    ...shapeOf(parent),
    start: new Float64Array(spans.start),
    duration: new Float64Array(spans.duration),
    self: new Float64Array(spans.self),
    ...callsOf(detail),
    flags,
    outcome: new Uint8Array(spans.outcome),
    service: new Int32Array(spans.service),
    name: new Int32Array(spans.name),
    statement: new Int32Array(spans.statement),
    eventsOf: groupBy(count, detail.events.span),
    linksOf: groupBy(count, detail.links.span),
    logsOf: groupBy(count, detail.logs.span),
    pathOf: groupBy(count, detail.path.span),
    curves: curvesOf(detail, parts),
  };
}

function callsOf({ spans, calls: collapsed }: TraceDetail) {
  const calls = new Float64Array(spans.parent.length).fill(1);
  const took = new Float64Array(spans.duration);
  for (const [index, span] of collapsed.span.entries()) {
    calls[span] = collapsed.count[index]!;
    took[span] = collapsed.total[index]!;
  }
  return { calls, took };
}

/** Id of a span: 16 hex digits. */
export function spanIdOf({ detail }: TraceModel, span: number): string {
  return detail.spans.ids.slice(span * 16, span * 16 + 16);
}

/** Id of the trace that a span is of: this one, or another that it is shown with. */
export function traceIdOf({ detail, parts }: TraceModel, span: number): string {
  return parts.find(({ from, to }) => span >= from && span < to)?.traceId ?? detail.traceId;
}

/** Index of the span with an id, -1 if it is not in the trace. */
export function spanWithId({ detail, count }: TraceModel, id: string): number {
  if (id.length !== 16) return -1;
  const { ids } = detail.spans;
  for (let at = ids.indexOf(id); at >= 0; at = ids.indexOf(id, at + 1)) {
    if (at % 16 === 0) return at / 16 < count ? at / 16 : -1;
  }
  return -1;
}

/** A task that was called off is told as an error as well, but it is not what failed. */
export function isFailed({ flags, outcome }: TraceModel, span: number): boolean {
  return (flags[span]! & SPAN_FLAG.error) > 0 && outcome[span] !== CANCELLED;
}

/** A text of the table; what is not in it is empty. */
export function textOf({ detail }: TraceModel, index: number): string {
  return detail.strings[index] ?? '';
}

/** The spans from the root down to one, itself last. */
export function lineageOf({ parent }: TraceModel, span: number): number[] {
  const line = [];
  for (let at = span; at >= 0; at = parent[at]!) line.push(at);
  return line.reverse();
}

/** Parents stand before their children, so one pass each way is enough for any depth. */
function shapeOf(parent: Int32Array) {
  const count = parent.length;
  const depth = new Int32Array(count);
  const children = new Int32Array(count);
  const end = new Int32Array(count);
  for (let span = 0; span < count; span++) {
    const above = parent[span]!;
    end[span] = span + 1;
    if (above < 0) continue;
    depth[span] = depth[above]! + 1;
    children[above]!++;
  }
  for (let span = count - 1; span >= 0; span--) {
    const above = parent[span]!;
    if (above >= 0 && end[above]! < end[span]!) end[above] = end[span]!;
  }
  return { depth, children, end };
}

function curvesOf(
  { links, spans, traceId }: TraceDetail,
  parts: readonly JoinedPart[],
): Int32Array {
  const shown = new Set([traceId, ...parts.map((part) => part.traceId)]);
  const inside = links.span.flatMap((span, link) => {
    const isInside = shown.has(links.traceId[link]!) && span >= 0;
    const isTold = links.kind[link] === 'backlink' || links.kind[link] === 'started';
    return isInside && !isTold ? [link] : [];
  });
  if (inside.length === 0) return new Int32Array(0);
  const indexes = new Map(
    spans.parent.map((_, at) => [spans.ids.slice(at * 16, at * 16 + 16), at]),
  );
  const curves = inside.flatMap((link) => {
    const target = indexes.get(links.spanId[link]!);
    return target === undefined ? [] : [link, target];
  });
  return Int32Array.from(curves);
}
