import type { HrTime } from '@opentelemetry/api';
import { NANOS_A_MILLI, NANOS_A_SECOND } from './times.js';

const TWO_POW_32 = 2 ** 32;

/** How far the computer's clock may move before new traces follow it, in milliseconds. */
const MAX_DRIFT_MILLIS = 2;

/**
 * Tells the times of one trace in this process: the clock of its first span, which only goes forward,
 * so that no child begins before its parent or outlasts one that waited for it.
 */
export class TraceClock {
  readonly #source: typeof performance;
  readonly #seconds: number;
  readonly #nanos: number;
  /** The second that was told last: its number, and its begin in nanoseconds since 1970. */
  #second = NaN;
  #high = 0;
  #low = 0;

  /**
   * @param source what tells how much time goes by
   * @param originMillis the epoch time at which its `now()` was 0
   */
  constructor(source: typeof performance, originMillis: number) {
    this.#source = source;
    this.#seconds = Math.trunc(originMillis / 1000);
    this.#nanos = Math.round((originMillis % 1000) * NANOS_A_MILLI);
  }

  /**
   * The time that goes by, as `performance.now()` told it when the trace began: what a test puts in its place
   * meanwhile is for the traces that begin then. To ask for that global takes longer than to ask it.
   */
  now(): number {
    return this.#source.now();
  }

  /**
   * Returns what somebody has read off `performance.now()` as a time of `now()`, undefined if nobody has.
   * Where a test has put another in its place meanwhile, it was read off the one that told it last.
   */
  reading(millis: number): number | undefined {
    const now = this.now();
    const age = now - millis;
    if (performance === this.#source) return age >= 0 ? millis : undefined;
    const ages = [age, performance.now() - millis].filter((each) => each >= 0);
    return ages.length === 0 ? undefined : now - Math.min(...ages);
  }

  /** @param millis a time of `now()` */
  toHrTime(millis: number): HrTime {
    const seconds = Math.trunc(millis / 1000);
    const nanos = this.#nanos + Math.round((millis - seconds * 1000) * NANOS_A_MILLI);
    if (nanos < NANOS_A_SECOND) return [this.#seconds + seconds, nanos];
    return nanos < 2 * NANOS_A_SECOND
      ? [this.#seconds + seconds + 1, nanos - NANOS_A_SECOND]
      : [this.#seconds + seconds + 2, nanos - 2 * NANOS_A_SECOND];
  }

  /** Writes a time as nanoseconds since 1970 in 64 bits, the lowest first. */
  putNanos(view: DataView, at: number, millis: number): void {
    const second = Math.trunc(millis / 1000);
    if (second !== this.#second) this.#turnTo(second);
    const low = this.#low + Math.round((millis - second * 1000) * NANOS_A_MILLI);
    const carry = low < TWO_POW_32 ? 0 : 1;
    view.setUint32(at, low, true);
    view.setUint32(at + 4, this.#high + carry, true);
  }

  #turnTo(second: number): void {
    const begin = BigInt(this.#seconds + second) * BigInt(NANOS_A_SECOND) + BigInt(this.#nanos);
    this.#second = second;
    this.#high = Number(begin >> 32n);
    this.#low = Number(begin & 0xffffffffn);
  }
}

/**
 * Gives each new trace its clock. One clock serves them all until the computer's clock is set anew, or a test
 * puts another in its place.
 */
export class TraceClocks {
  #source = performance;
  #origin = this.#source.timeOrigin;
  #clock = new TraceClock(this.#source, this.#origin);

  /** The clock of a trace that begins now. */
  current(): TraceClock {
    const source = performance;
    const origin = Date.now() - source.now();
    // Date.now() is cut to whole milliseconds.
    const isSetAnew = Math.abs(origin + 0.5 - this.#origin) > MAX_DRIFT_MILLIS;
    if (isSetAnew || source !== this.#source) {
      this.#source = source;
      this.#origin = origin;
      this.#clock = new TraceClock(source, origin);
    }
    return this.#clock;
  }
}
