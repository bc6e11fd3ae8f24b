import { types } from 'node:util';
import type { SpanRecording } from './recording.js';
import { isThenable, traceSubclass, traceThenable } from './thenable.js';

/**
 * Ends a call's span when its result has settled, and answers what the caller gets: the value
 * itself, or for a native promise one derived from it, so that a rejection nobody handles is still
 * reported once and one that is handled never.
 */
export function settle(result: unknown, recording: SpanRecording): unknown {
  if (typeof result !== 'object' || result === null) return succeed(result, recording);
  if (types.isPromise(result)) return settlePromise(result, recording);
  if (isThenable(result)) return traceThenable(result, recording);
  return succeed(result, recording);
}

function succeed(result: unknown, recording: SpanRecording): unknown {
  recording.succeed(result);
  return result;
}

function settlePromise(promise: Promise<unknown>, recording: SpanRecording): unknown {
  if (promise.then !== Promise.prototype.then) return traceThenable(promise, recording);
  if (promise.constructor !== Promise) return traceSubclass(promise, recording);
  const derived = promise.then(
    (value) => succeed(value, recording),
    (error: unknown) => {
      recording.fail(error);
      throw error;
    },
  );
  return Object.keys(promise).length === 0 ? derived : withOwnProperties(derived, promise);
}

/** A native promise may have been given methods of its own, such as `cancel`: they come along. */
function withOwnProperties(derived: Promise<unknown>, original: Promise<unknown>): unknown {
  return Object.defineProperties(derived, Object.getOwnPropertyDescriptors(original));
}
