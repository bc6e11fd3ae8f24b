import type { PathSection } from '../analysis/critical-path.js';
import { hasChildren, type SpanTable } from '../analysis/span-table.js';
import { numberOf } from '../showing/text.js';
import type { BlockedBand } from '../wire/blocked-band.interface.js';
import type { PathColumns } from '../wire/trace-columns.interface.js';
import { rounded } from './span-columns.js';

type What = PathColumns['what'][number];

/** Less than this between the children of a span is how code runs, not a wait. */
const LEAST_GAP_MICROS = 1_000;

/** The sections of the critical path, with what the time went on. */
export function pathColumns(
  sections: readonly PathSection[],
  table: SpanTable,
  blocked: readonly BlockedBand[],
): PathColumns {
  const whats = sections.map((section, index): What => {
    if (blocked.length > 0 && isBlocked(section, blocked)) return 'blocked';
    if (!hasChildren(table, section.span)) return 'self';
    if (isQueueWait(section, sections[index + 1], table)) return 'queue wait';
    return section.end - section.start >= LEAST_GAP_MICROS ? 'gap' : 'self';
  });
  return {
    span: sections.map(({ span }) => span),
    start: sections.map(({ start }) => rounded(start)),
    end: sections.map(({ end }) => rounded(end)),
    what: whats,
  };
}

/** More than half of it. */
function isBlocked({ start, end }: PathSection, blocked: readonly BlockedBand[]): boolean {
  return blocked.some((band) => {
    const shared = Math.min(end, band.start + band.duration) - Math.max(start, band.start);
    return shared > (end - start) / 2;
  });
}

/** The task that runs next says that it waited for most of this time. */
function isQueueWait(
  { start, end }: PathSection,
  next: PathSection | undefined,
  { spans }: SpanTable,
): boolean {
  const { 'async.task.queue_wait_ms': task, 'async.offload.queue_wait_ms': offload } =
    spans[next?.span ?? -1]?.attributes ?? {};
  return (numberOf(task) + numberOf(offload)) * 1_000 > (end - start) / 2;
}
