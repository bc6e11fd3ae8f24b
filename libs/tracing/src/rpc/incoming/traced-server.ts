import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { Entry } from '../../entry/entry.js';
import { guard } from '../../span/guard.js';
import { shadowMethod } from '../../span/results/own-method.js';
import { transportName } from '../conventions.js';
import type { TransportName } from '../conventions.js';
import { deliveryOf } from './delivery.js';
import { EventChain } from './event-chain.js';
import { follow } from '../../entry/follow-result.js';
import { KafkaDeliveries } from './kafka-delivery.js';
import type { IncomingSettings } from './incoming-settings.js';
import { messageEntry } from './message-entry.js';
import { MessageEnds } from './message-ends.js';
import { PacketWindow } from './packet-window.js';
import type { Deserialized } from './packet-window.js';
import { registered } from './registered-handler.js';
import type { RegisteredHandler } from './registered-handler.js';
import type { RpcHandler, RpcPacket, RpcServer } from './rpc-server.js';
import { patternAsked } from './unhandled-messages.js';

/** Work without spans, whatever called it. */
const IGNORED = suppressTracing(ROOT_CONTEXT);

/**
 * One server of an application: every handler that is added to it has a stand-in, which opens the span of
 * a message before the first guard and ends it with the result, after the last filter. Stand-ins are on the
 * instance; hooks that Nest has one place for are left to others.
 */
export class TracedServer {
  readonly #server: RpcServer;
  readonly #settings: IncomingSettings;
  readonly #transport: TransportName;
  readonly #kafka: KafkaDeliveries | undefined;
  readonly #window: PacketWindow;
  readonly #registered = new WeakMap<object, RegisteredHandler>();
  readonly #chains = new WeakMap<Entry, EventChain>();
  readonly #undo: (() => void)[] = [];
  #isStopped = false;

  constructor(server: RpcServer, settings: IncomingSettings) {
    this.#server = server;
    this.#settings = settings;
    this.#transport = transportName(server.transportId);
    if (this.#transport === 'kafka') this.#kafka = new KafkaDeliveries(server);
    // A strategy of the application's own may look for handlers by other means.
    const isOwn = this.#transport === 'custom';
    this.#window = new PacketWindow(isOwn ? undefined : (message) => this.#passed(message));
    this.#undo.push(settings.foreign.keepFrom(server, this.#transport));
    this.#takeOver('addHandler', (addHandler) => this.#addHandler(addHandler));
    const unwatch = this.#window.watch(server);
    if (unwatch === undefined) return;
    this.#undo.push(unwatch);
    if (isOwn) this.#takeOver('getHandlerByPattern', (find) => this.#getHandler(find));
  }

  /** Puts back what was there. Handlers that stay registered run as if we were not there. */
  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo.splice(0)) undo();
  }

  #takeOver(
    name: 'addHandler' | 'getHandlerByPattern',
    make: (method: RpcHandler) => (this: unknown, ...args: never[]) => unknown,
  ): void {
    const method = this.#server[name] as RpcHandler | undefined;
    const undo = method && shadowMethod(this.#server, name, make(method));
    if (undo !== undefined) this.#undo.push(undo);
  }

  #addHandler(addHandler: RpcHandler) {
    const at = { transport: this.#transport, ignores: this.#settings.ignores };
    const standInFor = (pattern: unknown, handler: RpcHandler, isEvent: unknown) =>
      this.#standIn(registered(pattern, handler, isEvent === true, at));
    return function (this: unknown, pattern: unknown, handler: unknown, ...further: unknown[]) {
      const known = guard('tracing a handler', () =>
        standInFor(pattern, handler as RpcHandler, further[0]),
      );
      return Reflect.apply(addHandler, this, [pattern, known ?? handler, ...further]);
    };
  }

  /** Nest chains the handlers of an event by `next` of what it was given, and reads it off the original. */
  #standIn(known: RegisteredHandler): RpcHandler {
    const { handler } = known;
    const standIn: RpcHandler = (...args) => this.#handle(known, args);
    const noteNext = (next: unknown): void => {
      const chained = this.#registered.get(next as object);
      if (chained !== undefined) chained.isChained = true;
      handler.next = next as RpcHandler;
    };
    Object.defineProperty(standIn, 'next', {
      configurable: true,
      enumerable: true,
      get: () => handler.next,
      set: noteNext,
    });
    this.#registered.set(standIn, known);
    return standIn;
  }

  #getHandler(find: RpcHandler) {
    const { unhandled } = this.#settings;
    const [transport, window] = [this.#transport, this.#window];
    return function (this: unknown, pattern: unknown): unknown {
      const handler = Reflect.apply(find, this, [pattern]) as RpcHandler | null;
      if (handler !== null && handler !== undefined) return handler;
      guard('tracing a message', () => {
        const message = window.take();
        if (message !== undefined) unhandled.record(transport, pattern, message);
      });
      return handler;
    };
  }

  /**
   * No handler of ours was called for a message: there may be none. Nest's look-up has no stand-in, since it
   * throws and catches an error for each message, which costs more the more calls are around it.
   */
  #passed(message: Deserialized): void {
    guard('tracing a message', () => {
      const pattern = patternAsked(this.#transport, message);
      if (this.#isStopped || this.#server.getHandlerByPattern?.(pattern)) return;
      this.#settings.unhandled.record(this.#transport, pattern, message);
    });
  }

  #handle(known: RegisteredHandler, args: unknown[]): unknown {
    const { handler } = known;
    const call = (): unknown => handler(...args);
    if (this.#isStopped) return call();
    if (known.isChained) return this.#handleNext(call);
    const message = this.#window.take();
    if (known.isIgnored) return follow(call, IGNORED, undefined);
    if (this.#settings.foreign.handle(this.#transport)) return call();
    const opened = guard('tracing a message', () => this.#open(known, args, message?.packet));
    if (opened === undefined) return call();
    if (opened instanceof Entry) return follow(call, opened.context, this.#endsOf(opened));
    const isEntered = message !== undefined && enterFor(opened);
    return isEntered ? call() : follow(call, opened, undefined);
  }

  /** The chain's first handler calls it, in the context of the event. */
  #handleNext(call: () => unknown): unknown {
    const entry = Entry.current();
    if (entry === undefined) return follow(call, context.active(), undefined);
    return follow(call, entry.context, this.#chains.get(entry)?.next());
  }

  #open(
    known: RegisteredHandler,
    args: readonly unknown[],
    packet: RpcPacket | undefined,
  ): Entry | Context {
    const { options, open, acknowledgements } = this.#settings;
    const [, context] = args;
    const delivery = deliveryOf(this.#transport, context, { packet, kafka: this.#kafka });
    const spec = { transport: this.#transport, registered: known, delivery, context, options };
    const entry = messageEntry(spec);
    if (!(entry instanceof Entry)) return entry;
    open.add(entry);
    if (this.#transport === 'rmq') acknowledgements.watch(context, entry);
    return entry;
  }

  #endsOf(entry: Entry) {
    if (!entry.isOpen) return undefined;
    const ends = new MessageEnds(entry);
    if (entry.calls === undefined) return ends;
    const chain = new EventChain(ends, entry.calls);
    this.#chains.set(entry, chain);
    return chain.first;
  }
}

/**
 * Makes a context that of all that a server does from here on with a message that has no span: the handler,
 * a stream that it answers with, the reply. The microtask in which the server has its packet ends with that,
 * so nothing else gets to see it, and no promise has to stand before the handler's. False if the context
 * manager cannot.
 */
function enterFor(ctx: Context): boolean {
  context.attach(ctx);
  return context.active() === ctx;
}
