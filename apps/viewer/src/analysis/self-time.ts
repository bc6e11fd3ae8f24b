import type { SpanTable } from './span-table.js';

/** What of each span no child covers, in microseconds; never negative. What lies outside of it does not count. */
export function selfTimes({ length, parent, start, end }: SpanTable): Float64Array {
  const self = new Float64Array(length);
  // Siblings come by time: how far each parent is covered says what the next of them adds.
  const covered = Float64Array.from(start);
  for (let at = 0; at < length; at++) {
    self[at]! += end[at]! - start[at]!;
    const above = parent[at]!;
    if (above < 0) continue;
    const until = Math.min(end[at]!, end[above]!);
    self[above]! -= Math.max(0, until - Math.max(start[at]!, covered[above]!));
    covered[above] = Math.max(covered[above]!, until);
  }
  return self.map((value) => Math.max(0, value));
}
