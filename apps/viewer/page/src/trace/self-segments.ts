import type { TraceModel } from './trace-model.js';

/** Stretches of a span that no child covers, as start and end one after the other, in microseconds. */
export function selfSegments(model: TraceModel, span: number): number[] {
  const { start, duration, end } = model;
  const last = start[span]! + duration[span]!;
  const segments: number[] = [];
  let covered = start[span]!;
  for (let child = span + 1; child < end[span]!; child = end[child]!) {
    const until = Math.min(start[child]!, last);
    if (until > covered) segments.push(covered, until);
    covered = Math.max(covered, start[child]! + duration[child]!);
    if (covered >= last) return segments;
  }
  if (covered < last) segments.push(covered, last);
  return segments;
}

/**
 * When a group was called off, in microseconds: the end of the child that failed first, if another
 * was cancelled or never started; -1 if none was. A group that was called off from above has the
 * moment of the one above.
 */
export function abortOf(model: TraceModel, span: number): number {
  const { start, duration, end, parent, outcome } = model;
  for (let at = span; at >= 0; at = parent[at]!) {
    let failed = Infinity;
    let isCalledOff = false;
    for (let child = at + 1; child < end[at]!; child = end[child]!) {
      if (outcome[child] === 2) failed = Math.min(failed, start[child]! + duration[child]!);
      isCalledOff ||= outcome[child]! >= 3;
    }
    if (isCalledOff && failed < Infinity) return failed;
    if (outcome[at] !== 3 && !isCalledOff) return -1;
  }
  return -1;
}
