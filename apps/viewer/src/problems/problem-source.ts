import type { PathSection } from '../analysis/critical-path.js';
import type { SpanTable } from '../analysis/span-table.js';
import type { BlockedBand } from '../wire/blocked-band.interface.js';
import type { Problem } from '../wire/problem.interface.js';
import type { TraceFacts } from '../store/trace-facts.js';
import type { SpanAndLogCount } from '../assembling/assembled-trace.interface.js';

/** What the looks for problems see of a trace. */
export interface ProblemSource {
  readonly table: SpanTable;
  readonly self: Float64Array;
  readonly path: readonly PathSection[];
  readonly blocked: readonly BlockedBand[];
  readonly dropped: SpanAndLogCount;
  /** Counts of spans: what there is none of is not looked for in each of them. */
  readonly facts: Pick<TraceFacts, 'collapsed' | 'leftOut'>;
  /** Duration of the trace in microseconds. */
  readonly duration: number;
}

/** One look for one kind of problem; in linear time, as senders decide what there is to see. */
export type Look = (source: ProblemSource) => Problem[];

/** Spans that prove a problem; more prove no more. */
export const MAX_EVIDENCE = 200;

/** Problems of one kind. */
export const MAX_OF_A_KIND = 20;

/** Time as text, from microseconds. */
export function timeText(micros: number): string {
  if (micros < 999.5) return `${Math.round(micros)} µs`;
  if (micros < 999_500) return `${(micros / 1e3).toFixed(micros < 99_950 ? 1 : 0)} ms`;
  return `${(micros / 1e6).toFixed(2)} s`;
}

/** Lists of siblings that a look is for, in their order, by their parent; short lists are left out. */
export function siblingsOf(
  { parent, length }: SpanTable,
  least: number,
  isMeant: (at: number) => boolean,
): Map<number, number[]> {
  const counts = new Int32Array(length);
  const meant = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    if (parent[at]! < 0 || !isMeant(at)) continue;
    meant[at] = 1;
    counts[parent[at]!]! += 1;
  }
  const siblings = new Map<number, number[]>();
  for (let at = 0; at < length; at++) {
    if (meant[at] === 0 || counts[parent[at]!]! < least) continue;
    const list = siblings.get(parent[at]!);
    if (list) list.push(at);
    else siblings.set(parent[at]!, [at]);
  }
  return siblings;
}
