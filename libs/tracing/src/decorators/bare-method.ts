import { processSlot } from '../process-slot.js';
import type { AnyFunction } from '../span/record.js';

/** The methods behind the stand-ins that nobody has asked for one by one. */
const behind = processSlot('automatic methods', () => new WeakMap<object, AnyFunction>());

/** Marks a stand-in as one that gives way to any other span of the same call. */
export function markAutomatic(standIn: AnyFunction, method: AnyFunction): void {
  behind.current.set(standIn, method);
}

/** Returns the method itself where an automatic span is in its place: the call has a span already. */
export function bareMethod<Method extends object>(method: Method): Method {
  return (behind.current.get(method) as Method | undefined) ?? method;
}
