import type { RecordedCall } from '../recorded-call.interface.js';
import { isShadowed, shadowMethod } from './own-method.js';

/**
 * Measures a promise of a subclass, which keeps its class and identity. Looking on makes it count as
 * handled, so a rejection that the application itself does not look at is raised again.
 */
export function traceSubclass<T extends Promise<unknown>>(promise: T, recording: RecordedCall): T {
  if (isShadowed(promise, 'then')) return traceAgain(promise, recording);
  let handled = false;
  let unhandled: Promise<never> | undefined;
  const unshadow = shadowMethod(promise, 'then', function (this: unknown, ...args: never[]) {
    handled = true;
    unhandled?.catch(() => undefined);
    return Reflect.apply(Promise.prototype.then, this, args);
  });
  const looksOn =
    unshadow !== undefined &&
    lookOn(
      promise,
      (value) => {
        unshadow();
        recording.succeed(value);
      },
      (error) => {
        recording.fail(error);
        if (handled) unshadow();
        else unhandled = Promise.reject(error as Error);
      },
    );
  if (!looksOn) {
    unshadow?.();
    recording.end();
  }
  return promise;
}

/** It is handed out again, and looked at already: a rejection is raised once. */
function traceAgain<T extends Promise<unknown>>(promise: T, recording: RecordedCall): T {
  const looksOn = lookOn(
    promise,
    (value) => recording.succeed(value),
    (error) => recording.fail(error),
  );
  if (!looksOn) recording.end();
  return promise;
}

/**
 * Looks at a promise as `then` does, but makes no further instance of its class for it: `then` asks
 * the promise for its `constructor`, which for this moment is that of every promise. False if the
 * promise has one of its own, or is frozen.
 */
function lookOn(
  promise: Promise<unknown>,
  onFulfilled: (value: unknown) => void,
  onRejected: (error: unknown) => void,
): boolean {
  if (Object.hasOwn(promise, 'constructor')) return false;
  const plain = { value: Promise, configurable: true, enumerable: false };
  if (!Reflect.defineProperty(promise, 'constructor', plain)) return false;
  void Promise.prototype.then.call(promise, onFulfilled, onRejected);
  return Reflect.deleteProperty(promise, 'constructor');
}
