import type { ReceivedSpan } from '../telemetry.interface.js';
import { sortPlaces } from './sort-places.js';
import { TOLERANCE_MICROS, type SpanTable } from './span-table.js';

const NANOS_PER_MILLI = 1_000_000n;

/** A stretch of the critical path, and the span that the trace waited for. */
export interface PathSection {
  readonly span: number;
  readonly start: number;
  readonly end: number;
}

/** A stretch that is settled, or a span whose stretch is still to be divided among its children. */
interface Stretch extends PathSection {
  readonly isSettled: boolean;
}

type Timed = Pick<SpanTable, 'spans' | 'parent' | 'start' | 'end' | 'length'>;

/**
 * What the trace waited for, from the start of a root to its end: back from the end, the child that
 * ended last, then the one that had ended when that one started. Sections are disjoint, ordered by
 * time, and add up to the duration of the root. One sort of the spans, none of the sections, no recursion.
 */
export function criticalPath(table: Timed, root: number): PathSection[] {
  const children = childrenByEnd(table);
  const sections: PathSection[] = [];
  const open: Stretch[] = [stretch(root, table.start[root]!, table.end[root]!, false)];
  // What lies latest is taken first, so that sections come back from the end in their order.
  for (let next = open.pop(); next; next = open.pop()) {
    const { span, start, end } = next;
    if (next.isSettled) sections.push({ span, start, end });
    else for (const part of divided(table, children, next).reverse()) open.push(part);
  }
  return sections.reverse();
}

/** The parts of a span's stretch, the latest first: its own time, and what it waited for. */
function divided(table: Timed, { first, items }: Children, whole: Stretch): Stretch[] {
  const { span } = whole;
  const parts: Stretch[] = [];
  const add = (part: Stretch) => part.end > part.start && parts.push(part);
  let [at, slack] = [whole.end, 0];
  for (let place = first[span]!; place < first[span + 1]!; place++) {
    const child = items[place]!;
    const until = Math.min(table.end[child]!, whole.end);
    if (until > at + slack || table.start[child]! >= at) continue;
    const to = Math.min(until, at);
    const from = Math.max(table.start[child]!, whole.start);
    if (to <= from) continue;
    add(stretch(span, to, at, true));
    add(stretch(child, from, to, first[child] === first[child + 1]));
    at = from;
    slack = isCut(table.spans[child]) ? TOLERANCE_MICROS : 0;
  }
  add(stretch(span, whole.start, at, true));
  return parts;
}

function stretch(span: number, start: number, end: number, isSettled: boolean): Stretch {
  return { span, start, end, isSettled };
}

/** The root that took longest, -1 if there is none. */
export function longestRoot({
  parent,
  start,
  end,
}: Pick<SpanTable, 'parent' | 'start' | 'end'>): number {
  let longest = -1;
  for (let at = 0; at < parent.length; at++) {
    if (parent[at]! >= 0) continue;
    if (longest < 0 || end[at]! - start[at]! > end[longest]! - start[longest]!) longest = at;
  }
  return longest;
}

/** Its start was cut to the whole millisecond, and so may lie before the end of what came before it. */
function isCut(span: ReceivedSpan | undefined): boolean {
  return span !== undefined && span.startNanos % NANOS_PER_MILLI === 0n;
}

/** Those of a span are `items[first[span]..first[span + 1]]`. */
interface Children {
  readonly first: Int32Array;
  readonly items: Int32Array;
}

/** The children of every span, the one that ended last first, in one array. */
function childrenByEnd({ length, parent, end, start }: Timed): Children {
  const first = new Int32Array(length + 1);
  for (let at = 0; at < length; at++) if (parent[at]! >= 0) first[parent[at]! + 1]! += 1;
  for (let at = 0; at < length; at++) first[at + 1]! += first[at]!;
  const next = first.slice();
  const items = new Int32Array(length);
  const byEnd = sortPlaces(length, (one, other) => {
    const later = end[one]! - end[other]!;
    return later > 0 || (later === 0 && start[one]! > start[other]!);
  });
  for (let place = 0; place < length; place++) {
    const at = byEnd[place]!;
    if (parent[at]! >= 0) items[next[parent[at]!]!++] = at;
  }
  return { first, items };
}
