import type { StandIns } from '../../stand-ins.js';
import type { ClientShape } from '../client-shape.js';

/** Makes of a packet what goes to the broker: Nest's, or one of the application's. */
interface Serializer {
  serialize(value: unknown, options?: unknown): unknown;
}

/** Says what is done around a serializer's `serialize`. */
type AroundSerializer = (serialize: () => unknown, value: unknown) => unknown;

/**
 * Does something around a client's serializer, whichever it has: one that is set later as well. The
 * serializer itself may serve others, so another object stands before it.
 */
export function aroundSerializer(
  client: ClientShape,
  standIns: StandIns,
  around: AroundSerializer,
): void {
  const before = Object.getOwnPropertyDescriptor(client, 'serializer');
  if (before === undefined || before.configurable === false || !('value' in before)) return;
  let given = before.value as Serializer;
  let current = standBefore(given, around);
  const accessor = {
    get: () => current,
    set: (serializer: Serializer) => {
      given = serializer;
      current = standBefore(serializer, around);
    },
    configurable: true,
    enumerable: true,
  };
  Object.defineProperty(client, 'serializer', accessor);
  standIns.add(() => {
    const now = Object.getOwnPropertyDescriptor(client, 'serializer');
    if (now?.get !== accessor.get) return;
    Object.defineProperty(client, 'serializer', { ...before, value: given });
  });
}

function standBefore(serializer: Serializer, around: AroundSerializer): Serializer {
  return new Proxy(serializer, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (key !== 'serialize') return value.bind(target) as unknown;
      return (...args: unknown[]) =>
        around(() => Reflect.apply(value, target, args) as unknown, args[0]);
    },
  });
}
