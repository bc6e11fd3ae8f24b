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

/** What is still to be walked: a span, and the stretch of it that counts. */
interface Window {
  readonly span: number;
  readonly from: number;
  readonly to: number;
}

type Timed = Pick<SpanTable, 'spans' | 'parent' | 'start' | 'end' | 'length'>;

/**
 * What the trace waited for, from the start of a root to its end: back from the end, the child that
 * ended last, then the one that had ended when that one started. Sections are disjoint, ordered by
 * time, and add up to the duration of the root. One sort, no recursion.
 */
export function criticalPath(table: Timed, root: number): PathSection[] {
  const children = childrenByEnd(table);
  const sections: PathSection[] = [];
  const open: Window[] = [{ span: root, from: table.start[root]!, to: table.end[root]! }];
  for (let window = open.pop(); window; window = open.pop()) {
    let [at, slack] = [window.to, 0];
    for (const child of children.of(window.span)) {
      const until = Math.min(table.end[child]!, window.to);
      if (until > at + slack || table.start[child]! >= at) continue;
      const to = Math.min(until, at);
      const from = Math.max(table.start[child]!, window.from);
      if (to <= from) continue;
      add(sections, window.span, to, at);
      open.push({ span: child, from, to });
      at = from;
      slack = isCut(table.spans[child]) ? TOLERANCE_MICROS : 0;
    }
    add(sections, window.span, window.from, at);
  }
  return sections.toSorted((one, other) => one.start - other.start);
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

function add(sections: PathSection[], span: number, start: number, end: number): void {
  if (end > start) sections.push({ span, start, end });
}

/** The children of every span, the one that ended last first, in one array. */
function childrenByEnd({ length, parent, end, start }: Timed) {
  const first = new Int32Array(length + 1);
  for (let at = 0; at < length; at++) if (parent[at]! >= 0) first[parent[at]! + 1]! += 1;
  for (let at = 0; at < length; at++) first[at + 1]! += first[at]!;
  const next = first.slice();
  const children = new Int32Array(length);
  const byEnd = sortPlaces(length, (one, other) => {
    const later = end[one]! - end[other]!;
    return later > 0 || (later === 0 && start[one]! > start[other]!);
  });
  for (let place = 0; place < length; place++) {
    const at = byEnd[place]!;
    if (parent[at]! >= 0) children[next[parent[at]!]!++] = at;
  }
  return { of: (span: number) => children.subarray(first[span], first[span + 1]) };
}
