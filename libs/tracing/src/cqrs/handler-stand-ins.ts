import { standIn } from '../decorators/stand-in.js';
import { isDecided } from '../decorators/wrap-method.js';
import { PlacedMethods } from '../entry/placed-methods.js';
import type { PlacedOn } from '../entry/placed-methods.js';
import { processSlot } from '../process-slot.js';
import { currentDispatch } from './event-dispatch.js';
import type { EventHandling } from './event-handlers.js';
import { handleEvent } from './event-handlers.js';

/** By what holds the method: applications of one process have the same classes. */
const handlers = new PlacedMethods(
  processSlot('cqrs handlers', (): PlacedOn<EventHandling> => new WeakMap()),
);

const METHOD = 'handle';

/**
 * Puts a stand-in before the handler of an event, once, however many applications have its class.
 *
 * @param holder the prototype of the handler's class, or an instance that has a `handle` of its own
 * @param name of the span
 * @returns what takes the application out again; the last one takes the stand-in out
 */
export function placeHandler(holder: object, name: string, user: EventHandling): () => void {
  const found: unknown = Reflect.get(holder, METHOD);
  if (typeof found !== 'function' || isDecided(found)) return () => undefined;
  return handlers.place(holder, METHOD, user, (method, users) =>
    standIn(method, (receiver, args) => {
      const handling = isHandlersOwn(holder, receiver) ? userOf(users) : undefined;
      return handling === undefined
        ? Reflect.apply(method, receiver, args)
        : handleEvent(handling, name, method, receiver, args);
    }),
  );
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
