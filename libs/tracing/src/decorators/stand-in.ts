import type { AnyFunction } from '../span/record.js';
import { resemble } from './metadata.js';

/**
 * Makes a function that stands for a method and looks like it to everybody who asks. It is a shorthand
 * method, so that it cannot be constructed either.
 */
export function standIn(
  method: object,
  call: (receiver: unknown, args: never[]) => unknown,
): AnyFunction {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
  const { shorthand } = {
    shorthand(this: unknown, ...args: never[]): unknown {
      return call(this, args);
    },
  };
  resemble(shorthand, method);
  return shorthand;
}
