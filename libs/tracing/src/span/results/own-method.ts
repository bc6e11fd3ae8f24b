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
  return () => {
    if (Object.getOwnPropertyDescriptor(target, key)?.value !== method) return;
    if (own === undefined) Reflect.deleteProperty(target, key);
    else Reflect.defineProperty(target, key, own);
  };
}
