import { followPromise } from '../span/results/derived-promise.js';

/** Told of how a call has ended. */
interface CallEnds {
  ended(startTime: number): void;
  failed(startTime: number, error: unknown): void;
  /** It can follow another call. */
  release(call: PromisedCall): void;
}

/**
 * One of the calls that have a span together, until its promise has settled. It is used again for the next
 * one: its two functions are what would cost most.
 */
export class PromisedCall {
  readonly #ends: CallEnds;
  #startTime = 0;

  constructor(ends: CallEnds) {
    this.#ends = ends;
  }

  /** Returns what the caller gets: a promise that is derived, as `settle` has it. */
  follow(startTime: number, promise: Promise<unknown>, isNew?: boolean): Promise<unknown> {
    this.#startTime = startTime;
    return followPromise(promise, this.#fulfilled, this.#rejected, isNew);
  }

  readonly #fulfilled = (value: unknown): unknown => {
    this.#ends.ended(this.#startTime);
    this.#ends.release(this);
    return value;
  };

  readonly #rejected = (error: unknown): never => {
    this.#ends.failed(this.#startTime, error);
    this.#ends.release(this);
    throw error;
  };
}
