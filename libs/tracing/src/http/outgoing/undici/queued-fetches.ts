import { types } from 'node:util';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

type Dispatch = (options: unknown, handler: unknown) => boolean;

interface Dispatcher {
  dispatch: Dispatch;
}

/** Where undici, Node's own and the package of any version, keeps the dispatcher of `fetch`. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/**
 * Remembers in which context each request was handed to the global dispatcher. A pool that limits its
 * connections queues requests, and undici before 8 makes a queued one in the context of the request
 * that has freed a connection. So the dispatcher's `dispatch` is shadowed, on that instance alone.
 *
 * @see https://github.com/nodejs/undici/blob/main/docs/docs/best-practices/migrating-from-v7-to-v8.md
 */
export class QueuedFetches {
  readonly #contexts = new WeakMap<object, Context>();
  #dispatcher: object | undefined;
  #restore: (() => void) | undefined;

  /** Follows the global dispatcher, which undici makes at the first request and applications replace. */
  follow(): void {
    const dispatcher = (globalThis as Record<symbol, unknown>)[GLOBAL_DISPATCHER];
    if (dispatcher === this.#dispatcher) return;
    this.stop();
    this.#dispatcher = dispatcher as object | undefined;
    if (isDispatcher(dispatcher)) this.#restore = this.#shadow(dispatcher);
  }

  /** The context in which a request was handed over, by its handler. */
  contextOf(handler: object): Context | undefined {
    return this.#contexts.get(handler);
  }

  /** Leaves the dispatcher as it was. */
  stop(): void {
    this.#restore?.();
    this.#restore = undefined;
    this.#dispatcher = undefined;
  }

  #shadow(dispatcher: Dispatcher): () => void {
    const contexts = this.#contexts;
    const { dispatch } = dispatcher;
    const own = Object.getOwnPropertyDescriptor(dispatcher, 'dispatch');
    const value: Dispatch = function (this: unknown, options, handler) {
      if (typeof handler === 'object' && handler !== null) contexts.set(handler, context.active());
      return Reflect.apply(dispatch, this, [options, handler]);
    };
    Object.defineProperty(dispatcher, 'dispatch', { value, configurable: true, writable: true });
    return () => {
      if (dispatcher.dispatch !== value) return;
      if (own === undefined) Reflect.deleteProperty(dispatcher, 'dispatch');
      else Object.defineProperty(dispatcher, 'dispatch', own);
    };
  }
}

/** Whether a dispatcher can be shadowed: that of `compose` is a proxy, which would pass the shadow on. */
function isDispatcher(value: unknown): value is Dispatcher {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  return 'dispatch' in value && typeof value.dispatch === 'function';
}
