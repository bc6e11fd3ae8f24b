import { standIn } from '../decorators/stand-in.js';
import { shadowMethod } from '../span/results/own-method.js';

/** Any method, whatever it is called with. */
export type Method = (this: unknown, ...args: never[]) => unknown;

/**
 * Does what a method does, and more.
 *
 * @param original calls the method that it stands for
 * @param args what it was called with
 */
export type Replacement = (
  original: (args: readonly unknown[]) => unknown,
  args: never[],
) => unknown;

/**
 * Holds methods that stand in for those of single objects, until they are taken out. Their classes and
 * other instances stay as they are. One that somebody has wrapped meanwhile stays, and does from then on
 * what the method did.
 */
export class StandIns {
  readonly #undo: (() => void)[] = [];
  #out = false;

  /** Puts one in place. False if the object has no such method, or refuses it. */
  put(target: object, name: string, replacement: Replacement): boolean {
    const method = methodOf(target, name);
    if (typeof method !== 'function') return false;
    const replaced = standIn(method, (receiver, args) => {
      if (this.#out) return Reflect.apply(method, receiver, args);
      return replacement((given) => Reflect.apply(method, receiver, given) as unknown, args);
    });
    const undo = shadowMethod(target, name, replaced);
    if (undo !== undefined) this.#undo.push(undo);
    return undo !== undefined;
  }

  /** Notes what else is to be undone. */
  add(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Puts back what was there. */
  takeOut(): void {
    this.#out = true;
    for (const undo of this.#undo.splice(0).toReversed()) undo();
  }
}

/** A Proxy that decorates what is read of it, as `instrument` of Nest's makes them, is not asked. */
function methodOf(target: object, name: string): unknown {
  const own = Reflect.getOwnPropertyDescriptor(target, name);
  if (own !== undefined) return own.value;
  const prototype = Reflect.getPrototypeOf(target);
  return prototype === null ? undefined : Reflect.get(prototype, name, target);
}
