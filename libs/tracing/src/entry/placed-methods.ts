import { processSlot } from '../process-slot.js';
import type { AnyFunction } from '../span/record.js';
import { shadowMethod } from '../span/results/own-method.js';

/** A stand-in on a prototype, and whom it serves: applications of one process have the same classes. */
interface Placed<User> {
  readonly standIn: AnyFunction;
  readonly users: User[];
  readonly undo: () => void;
}

/** By the prototype, and the name of the method. */
export type PlacedOn<User> = WeakMap<object, Map<string, Placed<User>>>;

/** Makes the stand-in of a method; its users change with time. */
export type MakeStandIn<User> = (method: AnyFunction, users: readonly User[]) => AnyFunction;

type Pair = (method: AnyFunction, standIn: AnyFunction) => () => void;

/** What each stand-in was put over: one may lie under another's. */
const covered = processSlot('covered methods', () => new WeakMap<object, AnyFunction>());

/**
 * Stand-ins of one purpose on the methods of classes: each method has one, which serves every application
 * that has asked for it, so it must look up at each call whose it is.
 */
export class PlacedMethods<User> {
  readonly #slot: { readonly current: PlacedOn<User> };
  readonly #pair: Pair;

  /**
   * @param slot holds them, for all of the process
   * @param pair is told of a method and its stand-in. Returns what is called when that is taken out
   */
  constructor(slot: { readonly current: PlacedOn<User> }, pair: Pair = () => () => undefined) {
    this.#slot = slot;
    this.#pair = pair;
  }

  /**
   * Puts a stand-in over a method of a prototype, or joins the users of the one that is there. One that
   * somebody has replaced since is put in place anew.
   *
   * @param make makes the stand-in of the method that is there now; its users change with time
   * @returns a function that takes the user out. The last one puts back what was there
   */
  place(prototype: object, name: string, user: User, make: MakeStandIn<User>): () => void {
    const onPrototype = this.#slot.current.get(prototype) ?? new Map<string, Placed<User>>();
    this.#slot.current.set(prototype, onPrototype);
    const known = onPrototype.get(name);
    const placed =
      known && isStill(known, prototype, name) ? known : this.#put(prototype, name, make);
    onPrototype.set(name, placed);
    placed.users.push(user);
    return () => {
      const at = placed.users.indexOf(user);
      if (at >= 0) placed.users.splice(at, 1);
      if (placed.users.length > 0) return;
      if (onPrototype.get(name) === placed) onPrototype.delete(name);
      placed.undo();
    };
  }

  #put(prototype: object, name: string, make: MakeStandIn<User>): Placed<User> {
    const users: User[] = [];
    const method = methodOf(prototype, name) as AnyFunction;
    const standIn = make(method, users);
    covered.current.set(standIn, method);
    const takeOut = shadowMethod(prototype, name, standIn);
    const part = takeOut && this.#pair(method, standIn);
    const undo = (): void => {
      takeOut?.();
      part?.();
    };
    return { standIn, users, undo };
  }
}

/** Whether a stand-in is what is called, be it by another one of ours. */
function isStill({ standIn }: Placed<unknown>, prototype: object, name: string): boolean {
  let method = methodOf(prototype, name);
  while (method !== undefined && method !== standIn) method = covered.current.get(method);
  return method === standIn;
}

function methodOf(prototype: object, name: string): AnyFunction | undefined {
  return (prototype as Record<string, AnyFunction>)[name];
}
