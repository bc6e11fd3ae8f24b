import { shadowMethod } from '../../span/results/own-method.js';

/** Any method, whatever it is called with. */
export type Method = (this: unknown, ...args: never[]) => unknown;

/**
 * Does what a method does, and more.
 *
 * @param original the method it stands for
 * @param receiver the object it was called on
 * @param args what it was called with
 */
export type Replacement = (original: Method, receiver: never, args: never[]) => unknown;

/**
 * Returns what stands in for a method, under the same name.
 *
 * @param original finds the method, at each call
 */
export function standIn(original: () => Method, name: string, replacement: Replacement): Method {
  const method = function (this: unknown, ...args: never[]): unknown {
    return replacement(original(), this as never, args);
  };
  return Object.defineProperty(method, 'name', { value: name, configurable: true });
}

/**
 * Replaces a method of one object; its class and other instances stay as they are. An object without
 * the method, or that cannot be changed, is left alone.
 */
export function replaceMethod(target: object, name: string, replacement: Replacement): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') return;
  shadowMethod(
    target,
    name,
    standIn(() => original as Method, name, replacement),
  );
}
