import type { HrTime, TimeInput } from '@opentelemetry/api';

const NANOS_A_MILLI = 1_000_000;
const NANOS_A_SECOND = 1_000_000_000;
const TWO_POW_32 = 2 ** 32;

/** How far the computer's clock may move before new traces follow it, in milliseconds. */
const MAX_DRIFT_MILLIS = 2;

/**
 * Tells the times of one trace in this process: the clock of its first span, which only goes forward,
 * so that no child begins before its parent or outlasts one that waited for it.
 */
export class TraceClock {
  readonly #seconds: number;
  readonly #nanos: number;
  /** The second that was told last: its number, and its begin in nanoseconds since 1970. */
  #second = NaN;
  #high = 0;
  #low = 0;

  /** @param originMillis the epoch time at which `performance.now()` was 0 */
  constructor(originMillis: number) {
    this.#seconds = Math.trunc(originMillis / 1000);
    this.#nanos = Math.round((originMillis % 1000) * NANOS_A_MILLI);
  }

  /** @param millis a time of `performance.now()` */
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

/** Gives each new trace its clock. One clock serves them all until the computer's clock is set anew. */
export class TraceClocks {
  #origin = performance.timeOrigin;
  #clock = new TraceClock(this.#origin);

  /** @param now of `performance.now()` */
  at(now: number): TraceClock {
    const origin = Date.now() - now;
    // Date.now() is cut to whole milliseconds.
    if (Math.abs(origin + 0.5 - this.#origin) > MAX_DRIFT_MILLIS) {
      this.#origin = origin;
      this.#clock = new TraceClock(origin);
    }
    return this.#clock;
  }
}

/** Whether a value is a time in one of the forms of OpenTelemetry's API. */
export function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || isHrTime(value);
}

/** Whether a value is a pair of seconds and nanoseconds. */
export function isHrTime(value: unknown): value is HrTime {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'number' &&
    typeof value[1] === 'number'
  );
}

/** @param millis since the epoch */
export function epochToHrTime(millis: number): HrTime {
  return [Math.trunc(millis / 1000), Math.round((millis % 1000) * NANOS_A_MILLI)];
}

/** The time from one moment to another; its seconds are negative if they are the wrong way round. */
export function between(start: HrTime, end: HrTime): HrTime {
  const nanos = end[1] - start[1];
  return nanos < 0 ? [end[0] - start[0] - 1, nanos + NANOS_A_SECOND] : [end[0] - start[0], nanos];
}
