import { processSlot } from '../process-slot.js';
import type { AnyFunction } from '../span/record.js';
import { shadowMethod } from '../span/results/own-method.js';

/** A stand-in on a prototype, and whom it serves: applications of one process have the same classes. */
interface Placed<User> {
  readonly standIn: AnyFunction;
  /** What it was put over: it may be a stand-in, too. */
  readonly covers: AnyFunction;
  readonly users: User[];
  /** Puts back what it was put over, unless it lies under another one. */
  readonly takeOut: () => void;
}

/** By the prototype, and the name of the method. */
export type PlacedOn<User> = WeakMap<object, Map<string, Placed<User>>>;

/** Makes the stand-in of a method; its users change with time. Without any it is to be the method alone. */
export type MakeStandIn<User> = (method: AnyFunction, users: readonly User[]) => AnyFunction;

type Pair = (method: AnyFunction, standIn: AnyFunction) => () => void;

/** Those of all purposes, by their functions: one may lie under another's. */
const layers = processSlot('covered methods', () => new WeakMap<object, Placed<unknown>>());

/**
 * Stand-ins of one purpose on the methods of classes: each method has one, which serves every application
 * that has asked for it, so it must look up at each call whose it is. One that lies under another's when its
 * last user leaves waits there for that one to go, or for a new user.
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
   * @returns a function that takes the user out. The last one of all purposes puts back what was there
   */
  place(prototype: object, name: string, user: User, make: MakeStandIn<User>): () => void {
    const known = this.#slot.current.get(prototype)?.get(name);
    const placed =
      known && isStill(known, prototype, name) ? known : this.#put(prototype, name, make);
    placed.users.push(user);
    return () => {
      const at = placed.users.indexOf(user);
      if (at >= 0) placed.users.splice(at, 1);
      if (placed.users.length > 0) return;
      placed.takeOut();
      takeOutUnused(prototype, name);
    };
  }

  #put(prototype: object, name: string, make: MakeStandIn<User>): Placed<User> {
    const users: User[] = [];
    const covers = methodOf(prototype, name) as AnyFunction;
    const standIn = make(covers, users);
    const putBack = shadowMethod(prototype, name, standIn);
    let part = putBack && this.#pair(covers, standIn);
    const onPrototype = this.#slot.current.get(prototype) ?? new Map<string, Placed<User>>();
    const takeOut = (): void => {
      putBack?.();
      if (isStill(placed, prototype, name)) return;
      if (onPrototype.get(name) === placed) onPrototype.delete(name);
      part?.();
      part = undefined;
    };
    const placed = { standIn, covers, users, takeOut };
    this.#slot.current.set(prototype, onPrototype);
    onPrototype.set(name, placed);
    layers.current.set(standIn, placed);
    return placed;
  }
}

/** Takes out what has no users, from the top down to one that has. */
function takeOutUnused(prototype: object, name: string): void {
  let top = placedOnTop(prototype, name);
  while (top?.users.length === 0) {
    top.takeOut();
    const next = placedOnTop(prototype, name);
    if (next === top) return;
    top = next;
  }
}

function placedOnTop(prototype: object, name: string): Placed<unknown> | undefined {
  const own: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
  return typeof own === 'function' ? layers.current.get(own) : undefined;
}

/** Whether a stand-in is what is called, be it by another one of ours. */
function isStill({ standIn }: Placed<unknown>, prototype: object, name: string): boolean {
  let method = methodOf(prototype, name);
  while (method !== undefined && method !== standIn) method = layers.current.get(method)?.covers;
  return method === standIn;
}

function methodOf(prototype: object, name: string): AnyFunction | undefined {
  return (prototype as Record<string, AnyFunction>)[name];
}
