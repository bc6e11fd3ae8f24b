import type { HrTime, Span } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** The later one of two times that may be unknown. */
export function later(a: HrTime | undefined, b: HrTime | undefined): HrTime | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]) ? a : b;
}

/**
 * The end of a child, if the clock of its parent's span would put the parent's end before it. The SDK
 * starts each span on a whole millisecond and adds what has passed since, so two spans differ by up
 * to one millisecond.
 *
 * @param openedAt just after the parent was opened, by `performance.now()`
 */
export function endNotBefore(
  parent: Span,
  openedAt: number,
  childEnd: HrTime | undefined,
): HrTime | undefined {
  const { startTime } = parent as Partial<ReadableSpan>;
  if (startTime === undefined || childEnd === undefined) return undefined;
  const own = performance.now() - openedAt;
  return millisBetween(startTime, childEnd) >= own ? childEnd : undefined;
}

function millisBetween(from: HrTime, to: HrTime): number {
  return (to[0] - from[0]) * 1e3 + (to[1] - from[1]) / 1e6;
}
