import { context } from '@opentelemetry/api';
import type { SpanRecording } from './recording.js';

type Then = (onFulfilled?: unknown, onRejected?: unknown) => unknown;

/** Whether `await` would call a `then` of this object. */
export function isThenable(value: object): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>>).then === 'function';
}

/**
 * Measures a thenable through its own `then`: the very same object comes back, and only the caller's
 * first `then` (or `await`) is looked into. It may be a lazy query builder, which `then` executes, so
 * it is never called from here.
 */
export function traceThenable<T extends PromiseLike<unknown>>(
  thenable: T,
  recording: SpanRecording,
): T {
  const original = thenable.then as Then;
  recording.waitForUse();
  const shadowed = shadowThen(thenable, (onFulfilled, onRejected) => {
    Reflect.deleteProperty(thenable, 'then');
    if (thenable.then !== original) shadowThen(thenable, original.bind(thenable));
    const callbacks = outcomes(recording, onFulfilled, onRejected);
    return recording.resume().run(original, thenable, callbacks);
  });
  if (!shadowed) recording.end();
  return thenable;
}

/**
 * Measures a promise of a subclass, which keeps its class and identity. Looking on makes it count as
 * handled, so a rejection that the application itself does not look at is raised again.
 */
export function traceSubclass<T extends Promise<unknown>>(promise: T, recording: SpanRecording): T {
  const original = promise.then as Then;
  let handled = false;
  let unhandled: Promise<never> | undefined;
  const shadowed = shadowThen(promise, (onFulfilled, onRejected) => {
    handled = true;
    unhandled?.catch(() => undefined);
    return Reflect.apply(original, promise, [onFulfilled, onRejected]);
  });
  if (!shadowed) {
    recording.end();
    return promise;
  }
  Reflect.apply(original, promise, [
    (value: unknown) => recording.succeed(value),
    (error: unknown) => {
      recording.fail(error);
      if (!handled) unhandled = Promise.reject(error);
    },
  ]);
  return promise;
}

/** Ends the span first, then calls the caller's callback in the caller's own context. */
function outcomes(recording: SpanRecording, onFulfilled: unknown, onRejected: unknown): unknown[] {
  const caller = context.active();
  return [
    (value: unknown) => {
      recording.succeed(value);
      if (typeof onFulfilled !== 'function') return value;
      return context.with(caller, onFulfilled as Then, undefined, value);
    },
    (error: unknown) => {
      recording.fail(error);
      if (typeof onRejected !== 'function') throw error;
      return context.with(caller, onRejected as Then, undefined, error);
    },
  ];
}

/** False if the object is frozen: then it cannot be measured. */
function shadowThen(target: object, then: Then): boolean {
  return Reflect.defineProperty(target, 'then', {
    value: then,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}
