const shadows = new WeakSet<object>();

type Method = (this: unknown, ...args: never[]) => unknown;

/**
 * Puts a method over the one of the same name that an object has, on the object alone, and as visible
 * as that one was. Returns how to put back what was there, or undefined if the object refuses it.
 *
 * @param target no Proxy: it would be asked
 */
export function shadowMethod(
  target: object,
  key: PropertyKey,
  method: Method,
): (() => void) | undefined {
  const own = Object.getOwnPropertyDescriptor(target, key);
  const enumerable = own?.enumerable ?? false;
  const standIn = { value: method, configurable: true, writable: true, enumerable };
  if (own?.configurable === false || !Reflect.defineProperty(target, key, standIn))
    return undefined;
  shadows.add(method);
  return () => {
    if (Object.getOwnPropertyDescriptor(target, key)?.value !== method) return;
    if (own === undefined) Reflect.deleteProperty(target, key);
    else Reflect.defineProperty(target, key, own);
  };
}

/** Whether a method of an object is one that was put over its own. It is not asked: nothing of it runs. */
export function isShadowed(target: object, key: PropertyKey): boolean {
  const own: unknown = Object.getOwnPropertyDescriptor(target, key)?.value;
  return typeof own === 'function' && shadows.has(own);
}
