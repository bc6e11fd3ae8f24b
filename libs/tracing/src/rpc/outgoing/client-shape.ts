import { types } from 'node:util';
import { isObject } from '../../span/is-object.js';
import type { TransportName } from '../conventions.js';

/**
 * One of Nest's clients, by its shape: `@nestjs/microservices` is never loaded for it. All but the
 * first four are protected, and the same from Nest 11.0 to 12.
 */
export interface ClientShape {
  send(pattern: unknown, data: unknown): unknown;
  emit(pattern: unknown, data: unknown): unknown;
  connect(): unknown;
  close(): unknown;
  publish(packet: OutgoingPacket, callback: unknown): unknown;
  dispatchEvent(packet: OutgoingPacket): unknown;
  readonly routingMap: Map<unknown, unknown>;
}

/** What Nest sends, before it is serialized. */
export interface OutgoingPacket {
  readonly pattern: unknown;
  readonly data: unknown;
  readonly metadata?: unknown;
}

const METHODS = ['send', 'emit', 'connect', 'close', 'publish', 'dispatchEvent'] as const;

/** Only the class itself has these beside its `send`. */
const NEST_METHODS = ['createObserver', 'assignPacketId', 'connect$'] as const;

/** Says for each transport which method only its client has. */
const OWN_METHODS: readonly (readonly [TransportName, string])[] = [
  ['kafka', 'subscribeToResponseOf'],
  ['mqtt', 'mergePacketOptions'],
  ['rmq', 'consumeChannel'],
  ['nats', 'createSubscriptionHandler'],
  ['redis', 'getReplyPattern'],
  ['grpc', 'getClientByServiceName'],
  ['tcp', 'createSocket'],
];

/**
 * Whether a value is a client of Nest's, or of the application's on top of Nest's. It may stand behind a
 * Proxy, as `instrument` of Nest's makes them; of one that does not, nothing is read.
 */
export function isClient(value: unknown): value is ClientShape {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Reflect.getPrototypeOf(value);
  if (prototype === null || types.isProxy(prototype)) return false;
  if (!METHODS.every((method) => hasMethod(prototype, method))) return false;
  return (value as Partial<ClientShape>).routingMap instanceof Map;
}

/**
 * Whether a client's `send` is Nest's own: it answers with a new Observable, which delivers what the callback
 * is given that `publish` was called with.
 */
export function answersByCallback(client: object): boolean {
  let owner: object | null = client;
  while (owner !== null && !Object.hasOwn(owner, 'send')) owner = Reflect.getPrototypeOf(owner);
  return owner !== null && NEST_METHODS.every((method) => Object.hasOwn(owner, method));
}

/** Whether a client has begun to connect: then `connect()` makes nothing, and answers with what it made. */
export function isConnecting(client: ClientShape): boolean {
  const { connectionPromise, initialized } = client as {
    readonly connectionPromise?: unknown;
    readonly initialized?: unknown;
  };
  return isObject(connectionPromise) || isObject(initialized);
}

/** Returns by which transport a client sends. */
export function transportOf(client: ClientShape): TransportName {
  return OWN_METHODS.find(([, method]) => hasMethod(client, method))?.[0] ?? 'custom';
}

function hasMethod(target: object, name: string): boolean {
  return typeof (target as Record<string, unknown>)[name] === 'function';
}
