import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { Entry } from '../entry/entry.js';
import { OpenEntries } from '../entry/open-entries.js';
import { NO_PARENT } from '../entry/remote-parent.js';
import { processSlot } from '../process-slot.js';
import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';
import { hookAdapter } from './adapter-hooks.js';
import type { AdapterEvents, MessageHandler } from './adapter-hooks.js';
import { Broadcasts } from './broadcasts.js';
import { clientFacts, handshakeFacts } from './client-facts.js';
import { Connection } from './connection.js';
import { clientAttributes } from './conventions.js';
import { ForeignMessageSpans } from './foreign-message-spans.js';
import { CONNECT, traceHappenings } from './gateway-hooks.js';
import type { Happening } from './gateway-hooks.js';
import type { Gateways } from './gateways.js';
import { matcherOf } from '../validation/patterns.js';
import { Messages } from './messages.js';
import { whyGone } from './why-gone.js';
import type { ResolvedWebSocketOptions } from './websocket.schema.js';

/** A handler that takes longer has been forgotten by whoever waits for it. */
const MAX_DURATION_MILLIS = 600_000;

/** Which application traces an adapter: one that is given to two belongs to the last. */
const owners = processSlot('websocket adapters', () => new WeakMap<object, GatewayTracing>());

/** The tracing of one application's gateways: of its adapters, servers and clients. */
export class GatewayTracing implements AdapterEvents {
  readonly #gateways: Gateways;
  readonly #hasLifecycle: boolean;
  readonly #open: OpenEntries;
  readonly #messages: Messages;
  readonly #broadcasts: Broadcasts | undefined;
  readonly #say: (message: string) => void;
  readonly #connections = new WeakMap<object, Connection>();
  readonly #adapters = new Map<object, () => void>();
  #isClosing = false;

  constructor(
    gateways: Gateways,
    options: NonNullable<ResolvedWebSocketOptions>,
    say: (message: string) => void,
  ) {
    const ignores = matcherOf(options.ignore);
    const foreign = new ForeignMessageSpans(say);
    this.#gateways = gateways;
    this.#hasLifecycle = options.lifecycle;
    this.#open = new OpenEntries({ maxDurationMillis: MAX_DURATION_MILLIS, say });
    this.#messages = new Messages(this.#open, ignores, foreign);
    this.#broadcasts = options.broadcasts ? new Broadcasts(ignores, foreign) : undefined;
    this.#say = say;
  }

  /** Traces an adapter, once. */
  trace(adapter: object): void {
    if (this.#adapters.has(adapter)) return;
    owners.current.get(adapter)?.release(adapter);
    this.#adapters.set(adapter, () => undefined);
    try {
      this.#adapters.set(adapter, hookAdapter(adapter, this));
      owners.current.set(adapter, this);
    } catch (error) {
      this.#say(
        `Messages of gateways have no spans, as their adapter is not traced: ${String(error)}`,
      );
    }
  }

  /** Puts an adapter back as it was. */
  release(adapter: object): void {
    this.#adapters.get(adapter)?.();
    this.#adapters.delete(adapter);
    owners.current.delete(adapter);
  }

  created(server: object): void {
    this.#broadcasts?.follow(server);
    if (!this.#hasLifecycle) return;
    traceHappenings(server, ({ operation, kind }, gateway) => {
      const name = `${operation} ${gateway}`;
      return this.#begin(new Entry({ name, kind, attributes: {}, from: NO_PARENT }));
    });
  }

  connects(server: unknown, args: readonly unknown[], call: () => unknown): unknown {
    const [client, request] = args;
    if (!isObject(client)) return call();
    guard('looking at a connection', () => {
      this.#connectionOf(client, request);
      this.#broadcasts?.follow((client as { nsp?: unknown }).nsp ?? server);
    });
    const result = context.with(ROOT_CONTEXT, call);
    guard('tracing a connection', () => this.#seeConnection(client));
    return result;
  }

  leaves(client: object, reason: unknown, call: () => unknown): unknown {
    this.#connections.get(client)?.leave(whyGone(reason, this.#isClosing));
    return context.with(ROOT_CONTEXT, call);
  }

  closes(): void {
    this.#isClosing = true;
  }

  binds(client: object, handlers: readonly MessageHandler[]): readonly MessageHandler[] {
    const connection = this.#connectionOf(client, undefined);
    const gateway = this.#gateways.find(
      client,
      handlers.map(({ message }) => message),
    );
    connection.boundTo(gateway);
    return this.#messages.traced(client, connection, gateway, handlers);
  }

  /** Waits for what runs, within a deadline, ends the rest, and puts the adapters back. */
  async stop(deadlineMillis: number): Promise<void> {
    await this.#open.stop(deadlineMillis);
    for (const adapter of this.#adapters.keys()) this.release(adapter);
    this.#broadcasts?.stop();
  }

  #connectionOf(client: object, request: unknown): Connection {
    const known = this.#connections.get(client);
    if (known !== undefined) return known;
    const connection = new Connection(handshakeFacts(client, request));
    this.#connections.set(client, connection);
    if (this.#hasLifecycle) {
      traceHappenings(client, (happening, gateway, attributes) =>
        this.#happens(happening, gateway, client, connection, attributes),
      );
    }
    return connection;
  }

  /** A connection that no gateway asks to be told of has a span all the same: its messages link to it. */
  #seeConnection(client: object): void {
    const connection = this.#connections.get(client);
    if (!this.#hasLifecycle || connection === undefined || connection.isSeen) return;
    if (connection.gateway?.hasConnect === true) return;
    this.#happens(CONNECT, connection.gateway?.name, client, connection)?.settle();
  }

  #happens(
    { operation, kind }: Happening,
    gateway: string | undefined,
    client: object,
    connection: Connection,
    further: Attributes = {},
  ): Entry {
    const isConnect = operation === CONNECT.operation;
    const attributes = {
      ...clientAttributes(clientFacts(client)),
      ...(isConnect ? connection.handshake : {}),
      ...further,
    };
    const from = isConnect ? connection.fromHandshake() : connection.from(gateway);
    const name = gateway === undefined ? operation : `${operation} ${gateway}`;
    const entry = this.#begin(new Entry({ name, kind, attributes, from }));
    if (isConnect) connection.seenBy(gateway, entry.span?.spanContext());
    return entry;
  }

  #begin(entry: Entry): Entry {
    this.#open.add(entry);
    return entry;
  }
}
