/** How an offloaded call may end. */
export type OffloadOutcome = 'ok' | 'error' | 'cancelled' | 'crashed';

/**
 * Counts since the module started. `submitted = ok + error + cancelled + crashed + queued + running`.
 *
 * @example
 * ```ts
 * const { queued, running, crashed } = tracing.stats().offload;
 * ```
 */
export interface OffloadStats extends Readonly<Record<OffloadOutcome, number>> {
  /** Calls that were accepted. */
  readonly submitted: number;
  /** Calls that were refused because the queue was full. */
  readonly refused: number;
  /** Calls that wait for a worker. */
  readonly queued: number;
  /** Calls that run. */
  readonly running: number;
}

/** Counts offloaded calls. */
export class OffloadCounts {
  readonly #ended: Record<OffloadOutcome, number> = { ok: 0, error: 0, cancelled: 0, crashed: 0 };
  #submitted = 0;
  #refused = 0;

  submit(): void {
    this.#submitted += 1;
  }

  end(outcome: OffloadOutcome): void {
    this.#ended[outcome] += 1;
  }

  /** Counts a call that was counted as submitted and then found no place. */
  refuse(): void {
    this.#submitted -= 1;
    this.#refused += 1;
  }

  snapshot(queued: number, running: number): OffloadStats {
    return Object.freeze({
      submitted: this.#submitted,
      refused: this.#refused,
      queued,
      running,
      ...this.#ended,
    });
  }
}
