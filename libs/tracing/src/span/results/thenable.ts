import { types } from 'node:util';
import { context } from '@opentelemetry/api';
import { dataProperty, isPrototype, runsCode } from './data-property.js';
import { isShadowed, shadowMethod } from './own-method.js';
import type { RecordedCall } from '../recorded-call.interface.js';

type Then = (this: unknown, ...args: unknown[]) => unknown;

/**
 * The `then` that `await` would call on an object, found without running any code. Undefined if there
 * is none, if only a getter or a Proxy could tell, or if the object is a prototype, whose `then`
 * belongs to others.
 */
export function thenOf(value: object): Then | undefined {
  const then = dataProperty(value, 'then');
  if (typeof then !== 'function' || isPrototype(value)) return undefined;
  return then as Then;
}

/** Whether `await` would call a `then` of this object, or only `await` itself could find out. */
export function mayBeThenable(value: object): boolean {
  return types.isPromise(value) || runsCode(value, 'then') || thenOf(value) !== undefined;
}

/**
 * Measures a thenable through its own `then`: the very same object comes back, and only the caller's
 * first `then` (or `await`) is looked into. It may be a lazy query builder, which `then` executes, so
 * it is never called from here.
 */
export function traceThenable<T extends object>(
  thenable: T,
  original: Then,
  recording: RecordedCall,
): T {
  if (isShadowed(thenable, 'then')) {
    recording.end(); // its first use is that of an earlier call
    return thenable;
  }
  recording.waitForUse();
  const unshadow = shadowMethod(thenable, 'then', function (this: unknown, ...args: unknown[]) {
    unshadow?.();
    recording.resume();
    const [onFulfilled, onRejected, ...rest] = args;
    const use = new Use(recording, onFulfilled, onRejected);
    use.chain(original, this, rest);
    return use.chained;
  });
  if (unshadow === undefined) recording.resume().end();
  return thenable;
}

/** One use of a thenable: ends the span first, then calls the caller's callback in the caller's context. */
class Use {
  readonly #recording: RecordedCall;
  /** Holds the result of `then`; undefined while it has not returned. */
  chained: unknown;
  readonly fulfilled: Then;
  readonly rejected: Then;

  constructor(recording: RecordedCall, onFulfilled: unknown, onRejected: unknown) {
    this.#recording = recording;
    const caller = context.active();
    const isChained = (): boolean => typeof this.chained === 'object' && this.chained !== null;
    this.fulfilled = function (...values) {
      recording.succeed(values[0]);
      if (typeof onFulfilled !== 'function') return values[0];
      return context.with(caller, onFulfilled as Then, this, ...values);
    };
    this.rejected = function (...errors) {
      recording.fail(errors[0]);
      if (typeof onRejected === 'function') {
        return context.with(caller, onRejected as Then, this, ...errors);
      }
      // Without anybody behind it, nobody would catch it.
      if (isChained()) throw errors[0];
      return undefined;
    };
  }

  /** Calls the thenable's own `then`. One that throws has failed, unless it has settled before. */
  chain(then: Then, thenable: unknown, rest: readonly unknown[]): void {
    const args = [this.fulfilled, this.rejected, ...rest];
    try {
      this.chained = this.#recording.run(then as never, thenable, args);
    } catch (error) {
      this.#recording.fail(error);
      throw error;
    }
  }
}
