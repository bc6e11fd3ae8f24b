/** A call that is followed to its end: in a span of its own, or measured without one. */
export interface RecordedCall {
  /** Calls a function as part of it. */
  run(fn: (...args: never[]) => unknown, receiver: unknown, args: ArrayLike<unknown>): unknown;
  /** Its consumer is going to end it, who may never come. */
  waitForUse(): void;
  /** The consumer has come: from now on it has to end. */
  resume(): RecordedCall;
  /** It returned, or its result has settled. */
  succeed(value: unknown): void;
  /** It threw or rejected. */
  fail(error: unknown): void;
  /** Whoever has called it has called it off. */
  callOff(reason: unknown): void;
  /** Its consumer has given it up. */
  end(): void;
}
