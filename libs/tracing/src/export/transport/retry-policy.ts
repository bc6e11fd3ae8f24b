/** Requests under way together when the collector has answered for a while. */
const MAX_CONCURRENT = 4;
/** At the end there is no time for politeness: this often is a collector that is away asked again. */
const LAST_CALLS_MILLIS = 100;
/** The longest wait that a collector is granted, whatever it asks for. */
export const LONGEST_WAIT_MILLIS = 3_600_000;

/** Decides when the collector may be asked: freely while it answers, by one probe while it is away. */
export class RetryPolicy {
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

  /** A wait that was asked for stays: the response may be to a request from before it. */
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
    const isNew = sentAt >= this.#failedAt;
    if (askedMillis === undefined && !isNew) return;
    if (isNew) this.#failures += 1;
    this.#failedAt = now;
    this.#maxConcurrent = 1;
    this.#notBefore = Math.max(this.#notBefore, now + this.#delay(askedMillis, isEnding));
  }

  /** Asks at once, whatever was before. */
  hurry(): void {
    this.#notBefore = 0;
  }

  /** A collector that asks for no wait again and again is asked as one that does not say. */
  #delay(askedMillis: number | undefined, isEnding: boolean): number {
    const asked = throttleMillis(askedMillis ?? 0, Math.random());
    const isFirst = askedMillis !== undefined && this.#failures === 1;
    const own = isEnding ? LAST_CALLS_MILLIS : backoffMillis(this.#failures, Math.random());
    return isFirst ? Math.max(asked, LAST_CALLS_MILLIS) : Math.max(asked, own);
  }
}

const FIRST_MILLIS = 1600;
const GROWTH = 1.5;
const LONGEST_MILLIS = 2800;
const LEAST_SHARE = 0.15;

/**
 * Returns how long to wait before a collector that was away is asked again. The wait grows with the failures
 * and is drawn from almost the whole span below its bound, so that the clients of one collector
 * come back evenly spread; the bound is low enough for a recovery within three seconds.
 *
 * @param failures how many requests have failed in a row, 1 or more
 * @param random a number from 0 to 1
 * @returns milliseconds
 */
export function backoffMillis(failures: number, random: number): number {
  const bound = Math.min(FIRST_MILLIS * GROWTH ** (failures - 1), LONGEST_MILLIS);
  return bound * (LEAST_SHARE + (1 - LEAST_SHARE) * random);
}

/**
 * Returns the wait that a collector itself asked for, never shorter and hardly longer: none if it is
 * in the past or no number, and {@link LONGEST_WAIT_MILLIS} at most.
 */
export function throttleMillis(askedMillis: number, random: number): number {
  if (Number.isNaN(askedMillis)) return 0;
  return Math.min(Math.max(0, askedMillis) * (1 + 0.05 * random), LONGEST_WAIT_MILLIS);
}
