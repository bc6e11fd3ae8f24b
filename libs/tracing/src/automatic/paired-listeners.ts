import type { AnyFunction } from '../span/record.js';

/**
 * Where Node's emitter and those like it keep the function that a listener stands for: who removes
 * that function removes the listener. They look at the listener alone, and that of `once` is their own.
 */
const LISTENER = 'listener';

/**
 * Lets a listener of `on` be removed whichever was registered: the method, by a constructor that ran before
 * its stand-in was put in place, or the stand-in, by who removes it after that was taken out.
 *
 * @returns what is called when the stand-in is taken out
 */
export function pairListeners(method: AnyFunction, standIn: AnyFunction): () => void {
  const isOurs = !Object.hasOwn(method, LISTENER) && pointTo(method, standIn);
  return () => {
    if (isOurs) Reflect.deleteProperty(method, LISTENER);
    if (!Object.hasOwn(standIn, LISTENER)) pointTo(standIn, method);
  };
}

function pointTo(registered: AnyFunction, removed: AnyFunction): boolean {
  return Reflect.defineProperty(registered, LISTENER, {
    value: removed,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}
