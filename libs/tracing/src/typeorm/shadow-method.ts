type Method = (this: unknown, ...args: never[]) => unknown;

/**
 * Shadows a method with an own property of one object; its class and other instances stay as they
 * are. The replacement gets the method it stands for, its receiver and the arguments. An object
 * without the method is left alone.
 */
export function shadowMethod(
  target: object,
  name: string,
  replacement: (original: Method, receiver: unknown, args: never[]) => unknown,
): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') return;
  const { shadow } = {
    shadow(this: unknown, ...args: never[]): unknown {
      return replacement(original as Method, this, args);
    },
  };
  Object.defineProperty(shadow, 'name', { value: name, configurable: true });
  Object.defineProperty(target, name, { value: shadow, configurable: true, writable: true });
}
