import { processSlot } from '../process-slot.js';
import type { AnyFunction } from '../span/record.js';

const called = processSlot('handler calls', () => new WeakMap<object, AnyFunction>());

/** Notes that a function is an `apply` of ours, on one handler alone, and what it calls in its place. */
export function markApply(apply: object, stand: AnyFunction): void {
  called.current.set(apply, stand);
}

/** Returns what an `apply` of ours calls in the handler's place. */
export function calledByApply(apply: object): AnyFunction | undefined {
  return called.current.get(apply);
}
