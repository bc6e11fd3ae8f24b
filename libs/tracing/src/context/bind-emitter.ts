import type { EventEmitter } from 'node:events';
import { context, trace } from '@opentelemetry/api';
import { bind } from './bind.js';

type Listener = (...args: never[]) => void;
type AddListener = (event: string | symbol, listener: Listener) => EventEmitter;

const ADDING = ['on', 'addListener', 'prependListener'] as const;
const ADDING_ONCE = ['once', 'prependOnceListener'] as const;

/**
 * Listeners added from now on run in the context they were added in, or, if no span was active there,
 * in the one of this call; without it they run in the emitter's. Removal works with the listener as
 * it was given, and `listeners()` shows that one.
 *
 * @throws TypeError if it is given no emitter
 */
export function bindEmitter<E extends EventEmitter>(emitter: E): E {
  if (typeof (emitter as Partial<EventEmitter> | null)?.on !== 'function') {
    throw new TypeError('bindEmitter() needs an EventEmitter.');
  }
  const bindHere = bind((listener: Listener) => bind(listener));
  const bound = (listener: Listener): Listener =>
    markAs(listener, hasActiveSpan() ? bind(listener) : bindHere(listener));
  for (const method of ADDING) shadow(emitter, method, bound);
  for (const method of ADDING_ONCE) shadowOnce(emitter, method, bound);
  return emitter;
}

function hasActiveSpan(): boolean {
  return trace.getSpan(context.active()) !== undefined;
}

/** Node's own way to stand in for a listener: `removeListener` and `listeners()` look behind it. */
function markAs(listener: Listener, standIn: Listener): Listener {
  return Object.assign(standIn, { listener });
}

function shadow(
  emitter: EventEmitter,
  method: (typeof ADDING)[number],
  bound: (listener: Listener) => Listener,
): void {
  const original = emitter[method] as AddListener;
  define(emitter, method, (event, listener) =>
    Reflect.apply(original, emitter, [event, isBindable(listener) ? bound(listener) : listener]),
  );
}

/** `once` wraps the listener itself and then adds it, so it is rebuilt on the method beneath. */
function shadowOnce(
  emitter: EventEmitter,
  method: (typeof ADDING_ONCE)[number],
  bound: (listener: Listener) => Listener,
): void {
  const original = emitter[method === 'once' ? 'on' : 'prependListener'] as AddListener;
  define(emitter, method, (event, listener) => {
    if (!isBindable(listener)) return Reflect.apply(original, emitter, [event, listener]);
    const inContext = bound(listener);
    const once = function (this: unknown, ...args: never[]): void {
      emitter.removeListener(event, once as never);
      Reflect.apply(inContext, this, args);
    };
    return Reflect.apply(original, emitter, [event, markAs(listener, once)]);
  });
}

/** Already bound listeners, such as those that `once` hands to `on`, stay as they are. */
function isBindable(listener: unknown): listener is Listener {
  return typeof listener === 'function' && !('listener' in listener);
}

function define(emitter: EventEmitter, method: string, value: AddListener): void {
  Object.defineProperty(emitter, method, { value, configurable: true, writable: true });
}
