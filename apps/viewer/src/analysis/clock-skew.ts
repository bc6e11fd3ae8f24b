import type { ReceivedSpan } from '../telemetry.interface.js';
import type { SpanTimes } from './span-times.js';

/** Less than this is the cut of whole milliseconds, not a wrong clock. */
const LEAST_MICROS = 1_000;
const ANSWERED = new Set(['SERVER', 'CONSUMER']);

interface Timed extends Pick<SpanTimes, 'start' | 'end'> {
  readonly spans: readonly (ReceivedSpan | undefined)[];
  readonly parent: Int32Array;
  readonly clock: Int32Array;
}

/**
 * By how many microseconds each clock is to be moved. A call that starts before it was made, or after
 * its caller had the answer, proves that two clocks differ; nothing else does. Parents come first.
 */
export function clockOffsets(table: Timed): Float64Array {
  const offsets = new Float64Array(
    table.clock.reduce((most, clock) => Math.max(most, clock), -1) + 1,
  );
  if (offsets.length < 2) return offsets;
  const calls = callsInto(table, offsets.length);
  const isSettled = new Uint8Array(offsets.length);
  for (const clock of table.clock) {
    if (clock < 0 || isSettled[clock]) continue;
    // A clock that called others is settled before them, as callers come first.
    offsets[clock] = settle(table, calls[clock]!, offsets, isSettled);
    isSettled[clock] = 1;
  }
  return offsets;
}

function callsInto({ spans, parent, clock }: Timed, clocks: number): number[][] {
  const calls = Array.from({ length: clocks }, (): number[] => []);
  for (let at = 0; at < parent.length; at++) {
    const above = parent[at]!;
    const isCall = above >= 0 && clock[above]! >= 0 && clock[above] !== clock[at];
    if (isCall && ANSWERED.has(spans[at]?.kind ?? '')) calls[clock[at]!]!.push(at);
  }
  return calls;
}

/** What all calls of settled clocks agree on: no earlier than the latest call, if possible within it. */
function settle(
  { spans, parent, clock, start, end }: Timed,
  calls: readonly number[],
  offsets: Float64Array,
  isSettled: Uint8Array,
): number {
  let [least, most, isProven] = [-Infinity, Infinity, false];
  for (const at of calls) {
    const above = parent[at]!;
    if (!isSettled[clock[above]!]) continue;
    const by = offsets[clock[above]!]!;
    const early = start[above]! + by - start[at]!;
    least = Math.max(least, early);
    const isAwaited = spans[above]?.kind === 'CLIENT' && spans[above].status !== 'ERROR';
    const fits = end[at]! - start[at]! <= end[above]! - start[above]!;
    if (isAwaited && fits) most = Math.min(most, end[above]! + by - end[at]!);
    isProven ||= early > LEAST_MICROS;
    isProven ||= isAwaited && fits && start[at]! > end[above]! + by + LEAST_MICROS;
  }
  if (!isProven) return 0;
  return most === Infinity || most < least ? least : (least + most) / 2;
}
