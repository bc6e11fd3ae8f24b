import { spanCount } from '../../span-count.js';

/** Losses are reported no more often than this. */
export const REPORT_EVERY_MILLIS = 30_000;
/** Reasons in one line: a collector may write another one each time. */
const MAX_REASONS = 5;

/** Says that spans are lost: at once for the first time, then at most every 30 seconds with the sum. */
export class LossReporter {
  readonly #warn: (message: string) => void;
  readonly #lost = new Map<string, number>();
  #onLoss = (): void => undefined;
  #reportedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Calls back on every loss. */
  listen(onLoss: () => void): void {
    this.#onLoss = onLoss;
  }

  report(count: number, reason: string): void {
    this.#onLoss();
    const isNew = !this.#lost.has(reason);
    const key = isNew && this.#lost.size >= MAX_REASONS ? 'other reasons' : reason;
    this.#lost.set(key, (this.#lost.get(key) ?? 0) + count);
    const wait = this.#reportedAt + REPORT_EVERY_MILLIS - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), wait).unref();
  }

  /** Says what has not been said yet, before there is nobody left to say it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lost.size === 0) return;
    this.#reportedAt = performance.now();
    const losses = [...this.#lost].map(([why, spans]) => `${spanCount(spans)} lost: ${why}`);
    this.#lost.clear();
    this.#warn(losses.join('; '));
  }
}
