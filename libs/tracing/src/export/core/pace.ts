import { backoffMillis, throttleMillis } from './backoff.js';

/** Requests under way together when the collector has answered for a while. */
const MAX_CONCURRENT = 4;
/** At the end there is no time for politeness: this often is a collector that is away asked again. */
const LAST_CALLS_MILLIS = 100;

/** Whether and when the collector may be asked: freely while it answers, by one probe while it is away. */
export class Pace {
  #failures = 0;
  #failedAt = -Infinity;
  #notBefore = 0;
  #maxConcurrent = MAX_CONCURRENT;

  /** Requests that may be under way now. */
  get maxConcurrent(): number {
    return this.#maxConcurrent;
  }

  /** Milliseconds until the collector may be asked. */
  waitMillis(now: number): number {
    return Math.max(0, this.#notBefore - now);
  }

  /** A wait that was asked for stays: the answer may be to a request from before it. */
  succeeded(): void {
    this.#failures = 0;
    this.#maxConcurrent = Math.min(this.#maxConcurrent + 1, MAX_CONCURRENT);
  }

  /**
   * A request that was under way when another failed says nothing new: with a connection all its
   * requests fail, and that is one failure.
   *
   * @param sentAt when the request began
   * @param askedMillis the wait that the collector asked for
   * @param isEnding whether the process waits for the last spans
   */
  failed(now: number, sentAt: number, askedMillis: number | undefined, isEnding: boolean): void {
    if (askedMillis === undefined && sentAt < this.#failedAt) return;
    this.#failedAt = now;
    this.#failures += 1;
    this.#maxConcurrent = 1;
    this.#notBefore = Math.max(this.#notBefore, now + this.#delay(askedMillis, isEnding));
  }

  /** Asks at once, whatever was before. */
  hurry(): void {
    this.#notBefore = 0;
  }

  #delay(askedMillis: number | undefined, isEnding: boolean): number {
    if (askedMillis !== undefined) return throttleMillis(askedMillis, Math.random());
    return isEnding ? LAST_CALLS_MILLIS : backoffMillis(this.#failures, Math.random());
  }
}
