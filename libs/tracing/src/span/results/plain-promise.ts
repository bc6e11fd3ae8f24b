import { types } from 'node:util';

/**
 * Whether a value is a native promise of no class of its own, so that the `then` of every promise
 * runs none of the application's code. Told without reading a property, which could be a getter.
 */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    types.isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'then') &&
    !Object.hasOwn(value, 'constructor')
  );
}
