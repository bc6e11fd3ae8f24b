import { timerMillis } from '../../with-deadline.js';
import type { ExportSettings } from './export-settings.js';
import type { Outbox } from './outbox.js';
import type { RetryPolicy } from './retry-policy.js';

type Batching = Pick<ExportSettings, 'maxExportBatchSize' | 'scheduleDelayMillis'>;

/** Knows when the next request may leave. */
export class DispatchClock {
  readonly #batching: Batching;
  readonly #outbox: Outbox;
  readonly #retryPolicy: RetryPolicy;
  readonly #onTime: () => void;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;

  /** @param onTime called when it is time to look again */
  constructor(batching: Batching, outbox: Outbox, retryPolicy: RetryPolicy, onTime: () => void) {
    this.#batching = batching;
    this.#outbox = outbox;
    this.#retryPolicy = retryPolicy;
    this.#onTime = onTime;
  }

  /**
   * Whether a request may leave now.
   *
   * @param isUrgent whether somebody waits for it: then no batch has to be full or old
   */
  maySend(isUrgent: boolean): boolean {
    const now = performance.now();
    const isFull = this.#outbox.inFlight >= this.#retryPolicy.maxConcurrent;
    if (isFull || this.#retryPolicy.waitMillis(now) > 0) return false;
    if (this.#outbox.hasRetries || isUrgent) return true;
    return this.#outbox.waiting >= this.#batching.maxExportBatchSize || this.#isDue(now);
  }

  /** Sets one timer for whatever comes next: the end of a wait, or spans that are old enough. */
  arm(isUrgent: boolean): void {
    this.stop();
    if (this.#outbox.waiting === 0) this.#dueAt = Infinity;
    if (this.#outbox.isEmpty || this.#outbox.inFlight >= this.#retryPolicy.maxConcurrent) return;
    const now = performance.now();
    this.#isDue(now);
    const hasWork = this.#outbox.hasRetries || isUrgent;
    const delay = Math.max(this.#retryPolicy.waitMillis(now), hasWork ? 0 : this.#dueAt - now, 1);
    if (delay === Infinity) return;
    this.#timer = setTimeout(this.#onTime, timerMillis(Math.ceil(delay))).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #isDue(now: number): boolean {
    if (this.#outbox.waiting === 0) this.#dueAt = Infinity;
    else this.#dueAt = Math.min(this.#dueAt, now + this.#batching.scheduleDelayMillis);
    return this.#dueAt <= now;
  }
}
