import { timerMillis } from '../../with-deadline.js';

/** A flush gives up after so many failures in a row. */
const MAX_FAILURES = 2;

interface Waiter {
  readonly upTo: number;
  /** On the clock of `performance.now()`. */
  readonly until: number;
  failures: number;
  readonly resolve: (left: number) => void;
}

/** Those who wait until the spans that came before them are settled. */
export class FlushWaiters {
  readonly #waiters = new Set<Waiter>();
  #settledUpTo = 0;

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  /** Waits for the spans before this place; resolves with how many of them are left in the end. */
  wait(upTo: number, timeoutMillis: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const until = performance.now() + timeoutMillis;
    const waiter = { upTo, until, failures: 0, resolve };
    const timer = setTimeout(() => this.#end(waiter), timerMillis(timeoutMillis)).unref();
    this.#waiters.add(waiter);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Books a failed request against the patience of all who wait. */
  failed(): void {
    for (const waiter of this.#waiters) waiter.failures += 1;
  }

  /** Learns when the collector may be asked again: who cannot wait for that does not wait. */
  expect(nextAt: number): void {
    for (const waiter of this.#waiters) if (nextAt > waiter.until) waiter.failures = MAX_FAILURES;
  }

  /** A request has succeeded: failures count in a row. */
  succeeded(): void {
    for (const waiter of this.#waiters) waiter.failures = 0;
  }

  /** Ends the wait of those whose spans are settled, or whose patience is over. */
  settle(settledUpTo: number): void {
    this.#settledUpTo = settledUpTo;
    for (const waiter of this.#waiters)
      if (waiter.upTo <= settledUpTo || waiter.failures >= MAX_FAILURES) this.#end(waiter);
  }

  #end(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    waiter.resolve(Math.max(0, waiter.upTo - this.#settledUpTo));
  }
}
