import { hasChildren } from '../analysis/span-table.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { printable } from '../showing/text.js';
import { KINDS } from '../wire/span-codes.js';
import { MAX_EVIDENCE, siblingsOf, timeText, type Look } from './problem-source.js';

/** Calls in a row, from which on it is worth to ask whether they need each other. */
const LEAST_CALLS = 3;
/** What counts as "at once after the other". */
const SEAM_MICROS = 2_000;
/** Share of the trace below which nothing is said. */
const LEAST_SHARE = 0.2;
const LEAST_MICROS = 5_000;
const LEAST_GAP_MICROS = 20_000;
const CLIENT = KINDS.indexOf('CLIENT');

/** Different calls, each made when the one before had its answer. */
export const lookForSequences: Look = ({ table, duration }) =>
  [...siblingsOf(table, LEAST_CALLS, (at) => table.kind[at] === CLIENT)].flatMap(
    ([above, calls]) => {
      return runsOf(calls, table).flatMap((run) => {
        const first = table.start[run[0]!]!;
        const total = table.end[run.at(-1)!]! - first;
        const kinds = new Set(run.map((at) => table.statements[at]));
        const longest = Math.max(...run.map((at) => table.end[at]! - table.start[at]!));
        const isWorth = total >= LEAST_MICROS && total >= duration * LEAST_SHARE;
        // The same call again is a repeat, and told as one.
        if (run.length < LEAST_CALLS || kinds.size < LEAST_CALLS || !isWorth) return [];
        const where = nameOf(table.spans[above]);
        return {
          kind: 'sequential' as const,
          span: run[0]!,
          text:
            `${run.length} calls one after another in ${where} take ${timeText(total)}; ` +
            `if they do not need each other, at once they take ${timeText(longest)}`,
          evidence: run.slice(0, MAX_EVIDENCE),
          cost: total - longest,
        };
      });
    },
  );

/** Runs of siblings that touch. */
function runsOf(
  calls: readonly number[],
  { start, end }: Parameters<Look>[0]['table'],
): number[][] {
  const runs: number[][] = [];
  for (const at of calls) {
    const last = runs.at(-1)?.at(-1);
    const seam = last === undefined ? Infinity : start[at]! - end[last]!;
    if (seam > SEAM_MICROS || seam < -1_000) runs.push([at]);
    else runs.at(-1)!.push(at);
  }
  // Of a run as long as the longest list that may be spread.
  return runs.map((run) => run.slice(0, 10_000));
}

/** The longest stretch of a span on the critical path in which nothing that it started was running. */
export const lookForGaps: Look = ({ table, path, duration, blocked }) =>
  path.flatMap(({ span, start, end }) => {
    const length = end - start;
    const isLong = length >= LEAST_GAP_MICROS && length >= duration * LEAST_SHARE;
    if (!isLong || !hasChildren(table, span)) return [];
    if (blocked.some((band) => band.start < end && band.start + band.duration > start)) return [];
    return {
      kind: 'gap' as const,
      span,
      text: `${timeText(length)} in ${nameOf(table.spans[span])} with no span in it`,
      evidence: [span],
      cost: length,
    };
  });

/** Event loops that were blocked, by this trace or while it waited. */
export const lookForBlocked: Look = ({ blocked }) =>
  blocked.map(({ span, service, source, place, cause, duration }) => ({
    kind: 'blocked' as const,
    span,
    // The place first: what stands last is cut where there is little room.
    text:
      `${printable(place || 'Something', 160)} blocked the event loop of ${printable(service, 100)} ` +
      `for ${timeText(duration)}` +
      (cause === '' ? '' : ` (${printable(cause, 60)})`) +
      (span < 0 ? ', in another trace' : '') +
      (source === '' ? '' : `: ${printable(source, 200)}`),
    evidence: span < 0 ? [] : [span],
    cost: duration,
  }));

function nameOf(span: ReceivedSpan | undefined): string {
  return span ? printable(span.name, 100) : 'a span that never arrived';
}
