/** A flush gives up after so many failures in a row. */
const MAX_FAILURES = 2;

interface Waiter {
  readonly upTo: number;
  failures: number;
  readonly resolve: (left: number) => void;
}

/** Those who wait until the spans that came before them are settled. */
export class FlushWaiters {
  readonly #waiters = new Set<Waiter>();

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  /** Waits for the spans before this place; answers how many of them are left when it gives up. */
  wait(upTo: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#waiters.add({ upTo, failures: 0, resolve });
    return promise;
  }

  /** Books a failed request against the patience of all who wait. */
  failed(): void {
    for (const waiter of this.#waiters) waiter.failures += 1;
  }

  /** Answers those whose spans are settled, or whose patience is over. */
  answer(settledUpTo: number): void {
    for (const waiter of this.#waiters) {
      const left = Math.max(0, waiter.upTo - settledUpTo);
      if (left > 0 && waiter.failures < MAX_FAILURES) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(left);
    }
  }
}
