import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';
import { shadow } from './shadow.js';

/** One event that a client's messages may be, as Nest hands it to an adapter. */
export interface MessageHandler {
  readonly message: unknown;
  readonly callback: (...args: unknown[]) => unknown;
}

/** What is to be told of an adapter's servers and clients. */
export interface AdapterEvents {
  /** A server was made, or a namespace of one. */
  created(server: object): void;
  /** A client connects: Nest's own part is to be called. */
  connects(server: unknown, args: readonly unknown[], call: () => unknown): unknown;
  /** A client has left: Nest's own part is to be called. */
  leaves(client: object, reason: unknown, call: () => unknown): unknown;
  /** A server is about to be closed. */
  closes(): void;
  /** A client's messages are bound to a gateway: returns what is to handle them. */
  binds(client: object, handlers: readonly MessageHandler[]): readonly MessageHandler[];
}

/**
 * Puts methods over those of one adapter, by which Nest makes servers and binds clients; its class stays as
 * it is. Each calls what was there, once, with what it was given.
 *
 * @returns a function that puts back what was there
 * @throws TypeError if it is no adapter of Nest's, or one that refuses methods
 */
export function hookAdapter(adapter: object, events: AdapterEvents): () => void {
  if (typeof (adapter as { bindMessageHandlers?: unknown }).bindMessageHandlers !== 'function') {
    throw new TypeError('it has no method bindMessageHandlers()');
  }
  const shadows = [
    shadow(adapter, 'create', (create) => (...args) => {
      const server = create(...args);
      if (isObject(server)) guard('looking at a server', () => events.created(server));
      return server;
    }),
    shadow(adapter, 'bindClientConnect', (bind) => (server, callback, ...rest) => {
      const connected: Called = (args, call) => events.connects(server, args, call);
      return bind(server, whenCalled(callback, connected), ...rest);
    }),
    shadow(adapter, 'bindClientDisconnect', (bind) => (client, callback, ...rest) => {
      const left: Called = ([reason], call) =>
        isObject(client) ? events.leaves(client, reason, call) : call();
      return bind(client, whenCalled(callback, left), ...rest);
    }),
    shadow(adapter, 'bindMessageHandlers', (bind) => (client, handlers, ...rest) => {
      if (!isObject(client) || !Array.isArray(handlers)) return bind(client, handlers, ...rest);
      const ours = guard('binding messages', () => events.binds(client, handlers));
      return bind(client, ours ?? handlers, ...rest);
    }),
    shadow(adapter, 'close', (close) => (...args) => {
      events.closes();
      return close(...args);
    }),
  ];
  const undo = (): void => shadows.toReversed().forEach((takeOut) => takeOut?.());
  if (shadows.includes(undefined)) {
    undo();
    throw new TypeError('it takes no methods of ours, as a frozen object does');
  }
  return undo;
}

type Called = (args: readonly unknown[], call: () => unknown) => unknown;

function whenCalled(callback: unknown, called: Called): unknown {
  if (typeof callback !== 'function') return callback;
  return function (this: unknown, ...args: unknown[]): unknown {
    return called(args, () => Reflect.apply(callback, this, args) as unknown);
  };
}
