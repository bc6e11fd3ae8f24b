import { shadowMethod } from '../span/results/own-method.js';

/** Calls an object's own method, on the object. */
type CallMethod = (...args: unknown[]) => unknown;

/**
 * Puts a method over one of an object, that only this object has. A method that it has not stays away: some
 * are optional, and Nest asks whether they are there.
 *
 * @param make makes it from what calls the one that was there
 * @returns a function that puts back what was there, unless somebody has put another one over ours; undefined
 *   if the object refuses it
 */
export function shadow(
  target: object,
  name: string,
  make: (method: CallMethod) => CallMethod,
): (() => void) | undefined {
  const method: unknown = (target as Record<string, unknown>)[name];
  if (typeof method !== 'function') return () => undefined;
  const value = function (this: unknown, ...args: unknown[]): unknown {
    return make((...given) => Reflect.apply(method, this, given) as unknown)(...args);
  };
  return shadowMethod(target, name, value);
}
