import { isObject } from '../../span/is-object.js';
import type { RpcPacket, RpcServer } from './rpc-server.js';

type Deserializer = NonNullable<RpcServer['deserializer']>;

/** A message as its deserializer has made it. */
export interface Deserialized {
  readonly packet: RpcPacket;
  /** What the deserializer was told beside the message: its properties, of RabbitMQ. */
  readonly properties: unknown;
}

/** A message that is here, or was. */
interface Opened extends Deserialized {
  isTaken: boolean;
}

const SETTLED = Promise.resolve();

/**
 * Knows the packet of a message while its handler is looked up and called. Handlers get its data and a
 * context, but what rides beside the data is in neither, on the transports and versions that have no other
 * place.
 *
 * A server awaits its deserializer, then goes on to the handler without another wait. So the packet is here
 * from the microtask just before that to the one just after: no message sees another's, and nothing keeps it.
 * Where somebody's start hook waits in between, the packet is not known.
 */
export class PacketWindow {
  readonly #passed: ((message: Deserialized) => void) | undefined;
  #current: Opened | undefined;

  /** @param passed told of a message that nobody has taken */
  constructor(passed?: (message: Deserialized) => void) {
    this.#passed = passed;
  }

  /** Returns the message at hand, once. */
  take(): Deserialized | undefined {
    const current = this.#current;
    if (current !== undefined) current.isTaken = true;
    this.#current = undefined;
    return current;
  }

  /** Watches a server's messages. Returns how to stop, or undefined if it has no deserializer. */
  watch(server: RpcServer): (() => void) | undefined {
    if (server.deserializer?.deserialize === undefined) return undefined;
    let current: Deserializer = server.deserializer;
    let watched = this.#watching(current);
    // It may be the application's, and serve others: it stays as it is, and may be replaced.
    Object.defineProperty(server, 'deserializer', {
      configurable: true,
      enumerable: true,
      get: () => watched,
      set: (next: Deserializer) => {
        current = next;
        watched = this.#watching(next);
      },
    });
    return () => {
      const plain = { configurable: true, enumerable: true, writable: true, value: current };
      Object.defineProperty(server, 'deserializer', plain);
    };
  }

  #watching(given: Deserializer): Deserializer {
    const deserialize = (raw: unknown, properties?: unknown): unknown => {
      const packet = given.deserialize(raw, properties);
      if (packet instanceof Promise) {
        packet.then(
          (value: unknown) => this.#open(value, properties),
          () => undefined,
        );
      } else if (isObject(packet)) void SETTLED.then(() => this.#open(packet, properties));
      return packet;
    };
    return Object.create(given, { deserialize: { value: deserialize } }) as Deserializer;
  }

  #open(packet: unknown, properties: unknown): void {
    const opened = isObject(packet) ? { packet, properties, isTaken: false } : undefined;
    this.#current = opened;
    if (opened !== undefined) void SETTLED.then(() => this.#close(opened));
  }

  #close(opened: Opened): void {
    if (this.#current === opened) this.#current = undefined;
    if (!opened.isTaken) this.#passed?.(opened);
  }
}
