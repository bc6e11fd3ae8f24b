import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { isObject } from '../../span/is-object.js';
import { isLeftOut } from '../../span/left-out.js';
import { processSlot } from '../../process-slot.js';
import { traceGrpcClient } from '../grpc/outgoing/grpc-client.js';
import type { TransportName } from '../conventions.js';
import { StandIns } from '../stand-ins.js';
import type { Replacement } from '../stand-ins.js';
import { carrying } from './carried-context.js';
import { isConnecting, transportOf } from './client-shape.js';
import type { ClientShape, OutgoingPacket } from './client-shape.js';
import { foreignProducer, hasForeignProducer, withoutForeignSpans } from './foreign-producers.js';
import { within } from './request-subscriber.js';
import { openPolicy } from './outgoing-policy.js';
import type { OutgoingPolicy } from './outgoing-policy.js';
import { TracedMessages } from './traced-messages.js';
import { carryInRecordHeaders } from './transports/kafka.js';
import { UserProperties, hasUserProperties } from './transports/mqtt.js';
import { carryInNatsHeaders } from './transports/nats.js';
import { withMetadata } from './transports/packet-metadata.js';
import { carryInHeaders } from './transports/rabbitmq.js';

/** What is known of clients that have stand-ins: two applications may share one. */
const instrumented = processSlot('clients', () => new WeakMap<object, InstrumentedClient>());

/** The methods that hand a packet to the broker. */
const DISPATCHERS = ['publish', 'dispatchEvent', 'dispatchBatchEvent'] as const;

/** What a request's answer is given to. */
type Callback = (reply: unknown) => unknown;

/** Returns the packet that is to go out instead of the one given. */
type Carry = (packet: OutgoingPacket) => OutgoingPacket;

/**
 * One of Nest's clients with stand-ins for its methods. What it sends is traced by the policy of the
 * application that it was found in, else of the one that was opened last; without any it is sent as if
 * nothing stood in.
 */
export class InstrumentedClient {
  readonly #client: ClientShape;
  readonly #policies: OutgoingPolicy[] = [];
  readonly #standIns = new StandIns();
  readonly #transport: TransportName;
  #isKept = false;
  #isSaid = false;

  private constructor(client: ClientShape) {
    this.#client = client;
    this.#transport = transportOf(client);
    if (this.#transport === 'grpc') traceGrpcClient(client, this.#standIns, () => this.#policy());
    else this.#replaceMethods();
  }

  #replaceMethods(): void {
    const client = this.#client;
    const messages = new TracedMessages(client);
    this.#put('send', (original, args) => messages.send(original, args));
    this.#put('emit', (original, args) => messages.emit(original, args));
    this.#put('emitBatch', (original, args) => messages.emitBatch(original, args));
    this.#put('connect', (original, args) =>
      isConnecting(client) ? original(args) : context.with(ROOT_CONTEXT, () => original(args)),
    );
    const carry = this.#carrier();
    for (const name of DISPATCHERS) this.#dispatch(name, carry);
  }

  /** Returns what is known of a client, which gets its stand-ins the first time. */
  static of(client: ClientShape): InstrumentedClient {
    const known = instrumented.current;
    const found = known.get(client) ?? known.get(markOf(client));
    if (found !== undefined) return found;
    const made = new InstrumentedClient(client);
    for (const key of [client, markOf(client)]) known.set(key, made);
    return made;
  }

  /** Keeps the stand-ins for good: the client belongs to no application. */
  keep(): void {
    this.#isKept = true;
  }

  /** Follows the policy of an application that the client was found in. */
  follow(policy: OutgoingPolicy): void {
    if (!this.#policies.includes(policy)) this.#policies.push(policy);
  }

  /** The application has closed. The last one takes the stand-ins out. */
  leave(policy: OutgoingPolicy): void {
    const at = this.#policies.indexOf(policy);
    if (at >= 0) this.#policies.splice(at, 1);
    if (this.#policies.length > 0 || this.#isKept) return;
    for (const key of [this.#client, markOf(this.#client)]) instrumented.current.delete(key);
    this.#standIns.takeOut();
  }

  #policy(): OutgoingPolicy | undefined {
    return this.#policies.at(-1) ?? openPolicy();
  }

  #put(name: string, replacement: Replacement): void {
    this.#standIns.put(this.#client, name, (original, args) =>
      this.#policy() === undefined ? original(args) : replacement(original, args),
    );
  }

  /** A packet is sent: here its pattern is known, and its context is active. */
  #dispatch(name: string, carry: Carry): void {
    this.#put(name, (original, args) => {
      const [packet, callback] = args as unknown as [OutgoingPacket, unknown];
      const given: unknown[] = args;
      if (typeof callback === 'function') given[1] = answeredHere(callback as Callback);
      const send = (): unknown => {
        if (this.#policy()?.propagates(packet.pattern) !== true) {
          return context.with(carrying(context.active(), null), () => original(given));
        }
        given[0] = carry(packet);
        return original(given);
      };
      return this.#hasForeignSpans() ? withoutForeignSpans(send) : send();
    });
  }

  /** Says so once. */
  #hasForeignSpans(): boolean {
    if (!hasForeignProducer(this.#client, this.#transport)) return false;
    if (!this.#isSaid) this.#policy()?.say(foreignProducer(this.#transport));
    this.#isSaid = true;
    return true;
  }

  #carrier(): Carry {
    const client = this.#client;
    switch (this.#transport) {
      case 'kafka':
        carryInRecordHeaders(client, this.#standIns);
        return asItIs;
      case 'nats':
        carryInNatsHeaders(client, this.#standIns, (message) => this.#policy()?.say(message));
        return asItIs;
      case 'rmq':
        carryInHeaders(client, this.#standIns);
        return asItIs;
      case 'mqtt':
        return this.#mqttCarrier();
      default:
        return withMetadata;
    }
  }

  #mqttCarrier(): Carry {
    const properties = new UserProperties(this.#client, this.#standIns);
    return (packet) => {
      if (!hasUserProperties(this.#client)) return withMetadata(packet);
      properties.keepFor(packet);
      return packet;
    };
  }
}

/** What a client has of its own from us, whether it is seen itself or through a Proxy. */
function markOf(client: ClientShape): object {
  const name = transportOf(client) === 'grpc' ? 'options' : 'send';
  const mark: unknown = Reflect.getOwnPropertyDescriptor(client, name)?.value;
  return typeof mark === 'function' || isObject(mark) ? mark : client;
}

/** The answer to a request that has no span is delivered in the context of whoever asked, as any is. */
function answeredHere(callback: Callback): Callback {
  const caller = context.active();
  if (!isLeftOut(caller)) return callback;
  return (reply) => within(caller, () => callback(reply));
}

function asItIs(packet: OutgoingPacket): OutgoingPacket {
  return packet;
}
