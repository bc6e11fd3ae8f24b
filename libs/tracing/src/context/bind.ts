import { AsyncResource } from 'node:async_hooks';

type Callback = (...args: never[]) => unknown;

/**
 * Binds a function to the caller's async context: whoever calls it later, it runs with the trace,
 * baggage and stores of here. `this`, name and length stay.
 *
 * @throws TypeError if it is given no function
 */
export function bind<F extends Callback>(fn: F): F {
  if (typeof fn !== 'function') {
    throw new TypeError(`bind() needs a function, got ${fn === null ? 'null' : typeof fn}.`);
  }
  const here = new AsyncResource('nestjs-tracing.bind');
  const bound = function (this: unknown, ...args: never[]): unknown {
    return here.runInAsyncScope(Reflect.apply, undefined, fn, this, args);
  };
  Object.defineProperties(bound, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
  });
  return bound as unknown as F;
}
