import type { DetachedOutcome, DetachedStats, OverflowPolicy } from './detached.interface.js';

/** Keeps the books of detached work. */
export class DetachedAccounts {
  readonly #ended: Record<DetachedOutcome, number> = {
    ok: 0,
    error: 0,
    cancelled: 0,
    not_started: 0,
    abandoned: 0,
  };
  readonly #overflow: Record<OverflowPolicy, number> = {
    reject: 0,
    'run-inline': 0,
    'drop-oldest': 0,
  };
  #refused = 0;

  end(outcome: DetachedOutcome): void {
    this.#ended[outcome] += 1;
  }

  overflow(policy: OverflowPolicy): void {
    this.#overflow[policy] += 1;
  }

  refuse(): void {
    this.#refused += 1;
  }

  snapshot(running: number, pending: number): DetachedStats {
    return Object.freeze({
      running,
      pending,
      ended: Object.freeze({ ...this.#ended }),
      overflow: Object.freeze({ ...this.#overflow }),
      refused: this.#refused,
    });
  }
}
