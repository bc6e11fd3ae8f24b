import type { ReceivedSpan } from '../telemetry.interface.js';
import { KINDS, SPAN_FLAG } from '../wire/span-codes.js';
import { clockOffsets } from './clock-skew.js';
import { depthFirst } from './depth-first.js';
import { joinSpans, type SpanNodes } from './span-nodes.js';
import { readSpans, type SpanReading } from './span-reading.js';

/** Spans whose start was cut to the millisecond may end this much after their parent, and no clock is wrong. */
export const TOLERANCE_MICROS = 1_000;

/**
 * The spans of a trace as columns: parents before their children, siblings by time. Times are
 * microseconds after the first of them. Everything that walks it is a loop, and linear.
 */
export interface SpanTable extends SpanNodes, Omit<SpanReading, 'rank'> {
  readonly length: number;
  /** By how many microseconds each clock was moved, so that no call is answered before it was made. */
  readonly offsets: Float64Array;
}

/** Arranges the spans of a trace; none is left out, whatever their ids and times are. */
export function arrange(received: Iterable<ReceivedSpan>): SpanTable {
  const nodes = joinSpans(received);
  const reading = readSpans(nodes);
  const table = sorted(nodes, reading);
  const offsets = clockOffsets(table);
  const result = offsets.some((offset) => offset !== 0)
    ? sorted(nodes, movedBy(reading, offsets))
    : table;
  markOutliving(result);
  return { ...result, offsets };
}

/** Whether a span has children: the first of them stands right behind it. */
export function hasChildren({ parent }: Pick<SpanTable, 'parent'>, at: number): boolean {
  return parent[at + 1] === at;
}

function sorted(nodes: SpanNodes, reading: SpanReading): Omit<SpanTable, 'offsets'> {
  const { order, cut } = depthFirst(nodes.parent, reading);
  const length = order.length;
  const place = new Int32Array(length);
  for (let at = 0; at < length; at++) place[order[at]!] = at;
  const table = {
    ...reading,
    length,
    spans: inOrder(nodes.spans, order),
    ids: inOrder(nodes.ids, order),
    statements: inOrder(reading.statements, order),
    parent: new Int32Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
    flags: new Uint16Array(length),
    kind: new Uint8Array(length),
    status: new Uint8Array(length),
    outcome: new Uint8Array(length),
    marks: new Uint8Array(length),
    name: new Int32Array(length),
    service: new Int32Array(length),
    clock: new Int32Array(length),
  };
  for (let at = 0; at < length; at++) {
    const from = order[at]!;
    const above = nodes.parent[from]!;
    table.parent[at] = above < 0 ? -1 : place[above]!;
    table.start[at] = reading.start[from]!;
    table.end[at] = reading.end[from]!;
    table.flags[at] = reading.flags[from]!;
    table.kind[at] = reading.kind[from]!;
    table.status[at] = reading.status[from]!;
    table.outcome[at] = reading.outcome[from]!;
    table.marks[at] = reading.marks[from]!;
    table.name[at] = reading.name[from]!;
    table.service[at] = reading.service[from]!;
    table.clock[at] = reading.clock[from]!;
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
function movedBy(reading: SpanReading, offsets: Float64Array): SpanReading {
  const by = (at: number) => offsets[reading.clock[at]!] ?? 0;
  const start = reading.start.map((value, at) => value + by(at));
  const first = start.reduce((least, value) => Math.min(least, value), Infinity);
  return {
    ...reading,
    start: start.map((value) => value - first),
    end: reading.end.map((value, at) => value + by(at) - first),
    flags: reading.flags.map((flags, at) => (by(at) === 0 ? flags : flags | SPAN_FLAG.moved)),
    startNanos: reading.startNanos + BigInt(Math.round(first * 1_000)),
  };
}

/** Who takes a message does so when its sender has long gone on. */
const CONSUMER = KINDS.indexOf('CONSUMER');

function markOutliving({ parent, end, kind, flags }: Omit<SpanTable, 'offsets'>): void {
  for (let at = 0; at < parent.length; at++) {
    const above = parent[at]!;
    if (
      above < 0 ||
      kind[at] === CONSUMER ||
      (flags[above]! & (SPAN_FLAG.missing | SPAN_FLAG.pending)) !== 0
    )
      continue;
    if (end[at]! > end[above]! + TOLERANCE_MICROS) flags[at]! |= SPAN_FLAG.outlives;
  }
}
