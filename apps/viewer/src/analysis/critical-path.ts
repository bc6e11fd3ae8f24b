import { sortPlaces } from './sort-places.js';
import { TOLERANCE_MICROS, type SpanTable } from './span-table.js';

const NANOS_PER_MILLI = 1_000_000n;

/** A stretch of the critical path, and the span that the trace waited for. */
export interface PathSection {
  readonly span: number;
  readonly start: number;
  readonly end: number;
}

type Timed = Pick<SpanTable, 'spans' | 'parent' | 'start' | 'end' | 'length'>;

/** A span whose stretch is being divided, back from its end, among itself and its children. */
interface Frame {
  readonly span: number;
  readonly start: number;
  readonly end: number;
  /** Where the next of its children stands. */
  next: number;
  /** What comes before is still to be divided. */
  at: number;
  /** The child that was waited for last, -1 if there was none. */
  waited: number;
}

/**
 * What the trace waited for, from the start of a root to its end: back from the end, the child that
 * ended last, then the one that had ended when that one started. Sections are disjoint, ordered by
 * time, and add up to the duration of the root. Only children of what is on the path are sorted, and
 * there is no recursion.
 */
export function criticalPath(table: Timed, root: number): PathSection[] {
  const children = new Children(table);
  const sections: PathSection[] = [];
  const add = (span: number, start: number, end: number) => {
    if (end > start) sections.push({ span, start, end });
  };
  const open = [frame(children, root, table.start[root]!, table.end[root]!)];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const child = nextChild(table, children, top);
    if (child < 0) {
      add(top.span, top.start, top.at);
      open.pop();
      continue;
    }
    const to = Math.min(table.end[child]!, top.at);
    const from = Math.max(table.start[child]!, top.start);
    add(top.span, to, top.at);
    top.at = from;
    top.waited = child;
    if (children.has(child)) open.push(frame(children, child, from, to));
    else add(child, from, to);
  }
  return sections.reverse();
}

function frame(children: Children, span: number, start: number, end: number): Frame {
  return { span, start, end, next: children.sorted(span), at: end, waited: -1 };
}

/** The next child that was waited for, -1 if there is none any more. */
function nextChild(table: Timed, { first, items }: Children, top: Frame): number {
  while (top.next < first[top.span + 1]!) {
    const child = items[top.next++]!;
    const until = Math.min(table.end[child]!, top.end);
    if (table.start[child]! >= top.at || (until > top.at && !isBefore(table, until, top))) continue;
    if (Math.min(until, top.at) > Math.max(table.start[child]!, top.start)) return child;
  }
  return -1;
}

/** A start that was cut to the whole millisecond may lie before the end of what came before it. */
function isBefore({ spans }: Timed, until: number, { at, waited }: Frame): boolean {
  const span = spans[waited];
  const isCut = span !== undefined && span.startNanos % NANOS_PER_MILLI === 0n;
  return isCut && until <= at + TOLERANCE_MICROS;
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

/** The children of spans; those of span n are `items[first[n]..first[n + 1]]`. */
class Children {
  readonly first: Int32Array;
  readonly items: Int32Array;
  readonly #table: Timed;

  constructor(table: Timed) {
    const { length, parent } = table;
    const first = new Int32Array(length + 1);
    for (let at = 0; at < length; at++) if (parent[at]! >= 0) first[parent[at]! + 1]! += 1;
    for (let at = 0; at < length; at++) first[at + 1]! += first[at]!;
    const next = first.slice();
    const items = new Int32Array(length);
    // Backwards: siblings come by their start, and mostly end in the order in which they start.
    for (let at = length - 1; at >= 0; at--) {
      if (parent[at]! >= 0) items[next[parent[at]!]!++] = at;
    }
    this.first = first;
    this.items = items;
    this.#table = table;
  }

  has(span: number): boolean {
    return this.first[span + 1]! > this.first[span]!;
  }

  /** Sorts the children of a span, the one that ended last first. @returns where they begin. */
  sorted(span: number): number {
    const from = this.first[span]!;
    const count = this.first[span + 1]! - from;
    if (count < 2) return from;
    const { start, end } = this.#table;
    const unsorted = this.items.slice(from, from + count);
    const order = sortPlaces(count, (one, other) => {
      const [left, right] = [unsorted[one]!, unsorted[other]!];
      const later = end[left]! - end[right]!;
      return later > 0 || (later === 0 && start[left]! > start[right]!);
    });
    for (let place = 0; place < count; place++) this.items[from + place] = unsorted[order[place]!]!;
    return from;
  }
}
