/** How a traced method is called again and again: without a pause, or awaited each time. */
export const HOT_LOOPS = ['sync', 'async'] as const;
export type HotLoop = (typeof HOT_LOOPS)[number];

export const CALLS = 1_000_000;
/** Requests before, each with one span below its own. */
export const OTHERS = 20;

/** What one process has measured. */
export interface LoopFigures {
  readonly millis: number;
  /** The most memory that the process has had. */
  readonly peakMebibytes: number;
  readonly exported: number;
  readonly leftOut: number;
  /** Of any other reason than the budget. */
  readonly lost: number;
}
