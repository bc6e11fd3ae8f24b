import type { Attributes } from '@opentelemetry/api';

/**
 * Names of OpenTelemetry's conventions for remote calls, a release candidate as of v1.44.0. What changes
 * there changes here and nowhere else.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/
 */
export const RPC = {
  system: 'rpc.system.name',
  method: 'rpc.method',
  methodOriginal: 'rpc.method_original',
  statusCode: 'rpc.status_code',
} as const;

/**
 * Names of OpenTelemetry's conventions for messages, in development as of v1.44.0.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
export const MESSAGING = {
  system: 'messaging.system',
  destination: 'messaging.destination.name',
  template: 'messaging.destination.template',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  batchCount: 'messaging.batch.message_count',
  messageId: 'messaging.message.id',
  consumerGroup: 'messaging.consumer.group.name',
  partition: 'messaging.destination.partition.id',
  kafkaOffset: 'messaging.kafka.offset',
  rabbitRoutingKey: 'messaging.rabbitmq.destination.routing_key',
} as const;

/** Names of ours, for what the conventions have no name for. */
export const NEST = {
  transport: 'nestjs.transport',
  handlerReached: 'nestjs.handler.reached',
} as const;

/** Stands for the method of a call that the server does not know. */
const UNKNOWN_METHOD = '_OTHER';

/** Names Nest's transports, by their numbers in its enum `Transport`. */
const TRANSPORTS = ['tcp', 'redis', 'nats', 'mqtt', 'grpc', 'rmq', 'kafka'] as const;

/** A transport of Nest's, or one of the application's own. */
export type TransportName = (typeof TRANSPORTS)[number] | 'custom';

/** Names brokers as the conventions do. Where there is no broker, the framework is the system. */
const MESSAGING_SYSTEMS: Readonly<Record<TransportName, string>> = {
  tcp: 'nestjs',
  redis: 'redis',
  nats: 'nats',
  mqtt: 'mqtt',
  grpc: 'nestjs',
  rmq: 'rabbitmq',
  kafka: 'kafka',
  custom: 'nestjs',
};

/** With what the span of a call or message starts. */
export interface SpanStart {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Returns the name of a transport by its number in Nest's enum; any other value is one of its own. */
export function transportName(id: unknown): TransportName {
  return (typeof id === 'number' ? TRANSPORTS[id] : undefined) ?? 'custom';
}

/**
 * Describes a request over one of Nest's transports, on either side.
 *
 * @param pattern in its normal form; undefined for one that has no handler
 * @param original the pattern that was asked for, where it has no handler
 */
export function describeRequest(
  transport: TransportName,
  pattern: string | undefined,
  original?: string,
): SpanStart {
  const attributes: Attributes = {
    [RPC.system]: 'nestjs',
    [RPC.method]: pattern ?? UNKNOWN_METHOD,
    [NEST.transport]: transport,
  };
  if (original !== undefined) attributes[RPC.methodOriginal] = original;
  return { name: pattern ?? 'nestjs', attributes };
}

/**
 * Describes an event: its emission or its handling.
 *
 * @param pattern in its normal form
 * @param destination the concrete channel, topic or queue. Default: the pattern
 */
export function describeEvent(
  operation: 'publish' | 'process',
  transport: TransportName,
  pattern: string,
  destination = pattern,
): SpanStart {
  return {
    name: `${operation} ${pattern}`,
    attributes: {
      [MESSAGING.system]: MESSAGING_SYSTEMS[transport],
      [MESSAGING.operationName]: operation,
      [MESSAGING.operationType]: operation === 'publish' ? 'send' : operation,
      [MESSAGING.template]: pattern,
      [MESSAGING.destination]: destination,
      [NEST.transport]: transport,
    },
  };
}

/**
 * Describes a call of gRPC, on either side.
 *
 * @param method as `package.Service/Method`; undefined for one that the server does not have
 * @param original the method that was asked for, where the server does not have it
 */
export function describeGrpcCall(method: string | undefined, original?: string): SpanStart {
  const attributes: Attributes = {
    [RPC.system]: 'grpc',
    [RPC.method]: method ?? UNKNOWN_METHOD,
    [NEST.transport]: 'grpc',
  };
  if (original !== undefined) attributes[RPC.methodOriginal] = original;
  return { name: method ?? 'grpc', attributes };
}
