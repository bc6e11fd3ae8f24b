import { standIn } from '../decorators/stand-in.js';
import { isDecided } from '../decorators/wrap-method.js';
import { processSlot } from '../process-slot.js';
import type { AnyFunction } from '../span/record.js';
import { shadowMethod } from '../span/results/own-method.js';
import { currentDispatch } from './event-dispatch.js';
import type { EventHandling } from './event-handlers.js';
import { handleEvent } from './event-handlers.js';

/** One method that has a stand-in, and the applications that it is one for, the latest last. */
interface Placed {
  readonly users: EventHandling[];
  readonly undo: () => void;
}

/** By what holds the method: applications of one process have the same classes. */
const placedOn = processSlot('cqrs handlers', () => new WeakMap<object, Placed>());

const METHOD = 'handle';

/**
 * Puts a stand-in before the handler of an event, once, however many applications have its class.
 *
 * @param holder the prototype of the handler's class, or an instance that has a `handle` of its own
 * @param name of the span
 * @returns what takes the application out again; the last one takes the stand-in out
 */
export function placeHandler(holder: object, name: string, user: EventHandling): () => void {
  const slot = placedOn.current;
  const placed = slot.get(holder) ?? place(holder, name);
  if (placed === undefined) return () => undefined;
  slot.set(holder, placed);
  placed.users.push(user);
  return () => {
    const at = placed.users.indexOf(user);
    if (at >= 0) placed.users.splice(at, 1);
    if (placed.users.length > 0) return;
    placed.undo();
    if (slot.get(holder) === placed) slot.delete(holder);
  };
}

function place(holder: object, name: string): Placed | undefined {
  const method: unknown = Reflect.get(holder, METHOD);
  if (typeof method !== 'function' || isDecided(method)) return undefined;
  const users: EventHandling[] = [];
  const call = (receiver: unknown, args: never[]): unknown => {
    const user = isHandlersOwn(holder, receiver) ? userOf(users) : undefined;
    return user === undefined
      ? Reflect.apply(method, receiver, args)
      : handleEvent(user, name, method as AnyFunction, receiver, args);
  };
  const undo = shadowMethod(holder, METHOD, standIn(method, call));
  return undo && { users, undo };
}

/** A class that extends a handler's and calls its `super` is another handler, with a span already. */
function isHandlersOwn(holder: object, receiver: unknown): boolean {
  if (typeof receiver !== 'object' || receiver === null) return false;
  return receiver === holder || Reflect.getPrototypeOf(receiver) === holder;
}

/** Whose bus has published; else, for events that come from elsewhere, the latest to have started. */
function userOf(users: readonly EventHandling[]): EventHandling | undefined {
  const application = currentDispatch()?.application;
  return users.find((user) => user.application === application) ?? users.at(-1);
}
