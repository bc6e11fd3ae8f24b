/** Whether a value is an object, and so may be a key of a WeakMap. Functions do not count. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
