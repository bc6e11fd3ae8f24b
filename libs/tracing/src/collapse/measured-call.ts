import type { RecordedCall } from '../span/recorded-call.interface.js';
import type { CallTally } from './call-tally.js';

/** One of the calls that have a span together. What it does belongs to the span that is active. */
export class MeasuredCall implements RecordedCall {
  readonly #tally: CallTally;
  readonly #startTime: number;
  #isOpen = true;

  constructor(tally: CallTally, startTime = tally.begin()) {
    this.#tally = tally;
    this.#startTime = startTime;
  }

  run(fn: (...args: never[]) => unknown, receiver: unknown, args: ArrayLike<unknown>): unknown {
    return Reflect.apply(fn, receiver, args as never);
  }

  waitForUse(): void {
    this.#tally.pause();
  }

  resume(): this {
    this.#tally.resume();
    return this;
  }

  succeed(): void {
    if (this.#close()) this.#tally.ended(this.#startTime);
  }

  fail(error: unknown): void {
    if (this.#close()) this.#tally.failed(this.#startTime, error);
  }

  callOff(): void {
    this.succeed();
  }

  end(): void {
    this.succeed();
  }

  #close(): boolean {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    return wasOpen;
  }
}
