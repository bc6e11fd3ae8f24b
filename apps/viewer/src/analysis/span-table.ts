import { numberOf } from '../showing/text.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { SPAN_FLAG } from '../wire/trace-detail.interface.js';
import { clockOffsets, clocksOf } from './clock-skew.js';
import { depthFirst } from './depth-first.js';
import { joinSpans, type SpanNodes } from './span-nodes.js';
import { readTimes, type SpanTimes } from './span-times.js';

/** Spans whose start was cut to the millisecond may end this much after their parent, and no clock is wrong. */
export const TOLERANCE_MICROS = 1_000;

/**
 * The spans of a trace as columns: parents before their children, siblings by time. Times are
 * microseconds after the first of them. Everything that walks it is a loop, and linear.
 */
export interface SpanTable extends SpanNodes, SpanTimes {
  readonly length: number;
  /** Which clock each span was timed by. */
  readonly clock: Int32Array;
  /** By how many microseconds each clock was moved, so that no call is answered before it was made. */
  readonly offsets: Float64Array;
}

/** Arranges the spans of a trace; none is left out, whatever their ids and times are. */
export function arrange(received: Iterable<ReceivedSpan>): SpanTable {
  const nodes = joinSpans(received);
  const times = readTimes(nodes);
  const clock = clocksOf(nodes.spans);
  const rank = ranksOf(nodes.spans);
  const sort = (moved: SpanTimes) => sorted({ ...nodes, ...moved, clock }, { ...moved, rank });
  const table = sort(times);
  const offsets = clockOffsets(table);
  const result = offsets.some((offset) => offset !== 0)
    ? sort(movedBy(times, clock, offsets))
    : table;
  markOutliving(result);
  return { ...result, offsets };
}

/** Where tasks stand that started in one millisecond. */
function ranksOf(spans: SpanNodes['spans']): Float64Array {
  const ranks = new Float64Array(spans.length);
  for (let at = 0; at < ranks.length; at++) {
    ranks[at] = numberOf(spans[at]?.attributes['async.task.index']);
  }
  return ranks;
}

type Unsorted = Omit<SpanTable, 'length' | 'offsets'>;

function sorted(nodes: Unsorted, by: { start: Float64Array; rank: Float64Array }) {
  const { order, cut } = depthFirst(nodes.parent, by);
  const length = order.length;
  const place = new Int32Array(length);
  for (let at = 0; at < length; at++) place[order[at]!] = at;
  const table = {
    length,
    spans: inOrder(nodes.spans, order),
    ids: inOrder(nodes.ids, order),
    parent: new Int32Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
    flags: new Uint16Array(length),
    startNanos: nodes.startNanos,
    clock: new Int32Array(length),
  };
  for (let at = 0; at < length; at++) {
    const from = order[at]!;
    const above = nodes.parent[from]!;
    table.parent[at] = above < 0 ? -1 : place[above]!;
    table.start[at] = nodes.start[from]!;
    table.end[at] = nodes.end[from]!;
    table.flags[at] = nodes.flags[from]!;
    table.clock[at] = nodes.clock[from]!;
  }
  for (const from of cut) {
    table.parent[place[from]!] = -1;
    table.flags[place[from]!]! |= SPAN_FLAG.cut;
  }
  return table;
}

function inOrder<T>(values: readonly T[], order: Int32Array): T[] {
  const result: T[] = [];
  for (let at = 0; at < order.length; at++) result.push(values[order[at]!]!);
  return result;
}

/** Moves what was timed by clocks that are wrong; the first span starts at 0 again. */
function movedBy(times: SpanTimes, clock: Int32Array, offsets: Float64Array): SpanTimes {
  const by = (at: number) => offsets[clock[at]!] ?? 0;
  const start = times.start.map((value, at) => value + by(at));
  const first = start.reduce((least, value) => Math.min(least, value), Infinity);
  return {
    start: start.map((value) => value - first),
    end: times.end.map((value, at) => value + by(at) - first),
    flags: times.flags.map((flags, at) => (by(at) === 0 ? flags : flags | SPAN_FLAG.moved)),
    startNanos: times.startNanos + BigInt(Math.round(first * 1_000)),
  };
}

function markOutliving({ parent, spans, end, flags }: Omit<SpanTable, 'offsets'>): void {
  for (let at = 0; at < parent.length; at++) {
    const above = parent[at]!;
    if (above < 0 || !spans[above] || spans[above].isPending) continue;
    if (end[at]! > end[above]! + TOLERANCE_MICROS) flags[at]! |= SPAN_FLAG.outlives;
  }
}
