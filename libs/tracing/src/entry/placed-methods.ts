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

type MakeStandIn<User> = (method: AnyFunction, users: readonly User[]) => AnyFunction;

/** What each stand-in was put over: one may lie under another's. */
const covered = processSlot('covered methods', () => new WeakMap<object, AnyFunction>());

/**
 * Stand-ins of one purpose on the methods of classes: each method has one, which serves every application
 * that has asked for it, so it must look up at each call whose it is.
 */
export class PlacedMethods<User> {
  readonly #slot: { readonly current: PlacedOn<User> };

  /** @param slot holds them, for all of the process */
  constructor(slot: { readonly current: PlacedOn<User> }) {
    this.#slot = slot;
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
    const placed = known && isStill(known, prototype, name) ? known : put(prototype, name, make);
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
}

const handlers = new PlacedMethods(
  processSlot('entry handlers', (): PlacedOn<object> => new WeakMap()),
);

/**
 * Puts a stand-in over a method that handles what comes in.
 *
 * @param make makes the stand-in of the method that is there now
 * @returns a function that puts back what was there, once everybody who has asked for it has called theirs
 */
export function placeStandIn(
  prototype: object,
  name: string,
  make: (method: AnyFunction) => AnyFunction,
): () => void {
  return handlers.place(prototype, name, {}, make);
}

function put<User>(prototype: object, name: string, make: MakeStandIn<User>): Placed<User> {
  const users: User[] = [];
  const method = methodOf(prototype, name) as AnyFunction;
  const standIn = make(method, users);
  covered.current.set(standIn, method);
  return { standIn, users, undo: shadowMethod(prototype, name, standIn) ?? (() => undefined) };
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
