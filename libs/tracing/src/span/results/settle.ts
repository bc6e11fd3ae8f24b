import { types } from 'node:util';
import type { RecordedCall } from '../recorded-call.interface.js';
import { followPromise } from './derived-promise.js';
import { isPlainPromise } from './plain-promise.js';
import { traceSubclass } from './promise-subclass.js';
import { thenOf, traceThenable } from './thenable.js';

/**
 * Ends a call's span when its result has settled, and returns what the caller gets: the value
 * itself, or for a native promise one derived from it, so that a rejection nobody handles is still
 * reported once and one that is handled never. What cannot be looked into without effect, such as a
 * Proxy or a frozen thenable, is passed on, and the span ends with the call.
 */
export function settle(result: unknown, recording: RecordedCall): unknown {
  if (typeof result !== 'object' || result === null) return succeed(result, recording);
  if (isPlainPromise(result)) return settlePromise(result, recording);
  const then = thenOf(result);
  if (then === undefined) return succeed(result, recording);
  return types.isPromise(result) && then === Promise.prototype.then
    ? traceSubclass(result, recording)
    : traceThenable(result, then, recording);
}

function succeed(result: unknown, recording: RecordedCall): unknown {
  recording.succeed(result);
  return result;
}

/**
 * As `settle`, of what most methods return: a promise of no class of its own.
 *
 * @param isNew whether nobody has seen it yet
 */
export function settlePromise(
  promise: Promise<unknown>,
  recording: RecordedCall,
  isNew?: boolean,
): Promise<unknown> {
  return followPromise(
    promise,
    (value) => succeed(value, recording),
    (error) => {
      recording.fail(error);
      throw error;
    },
    isNew,
  );
}
