import type { Attributes } from '@opentelemetry/api';
import { isObject } from '../../span/is-object.js';
import { MESSAGING } from '../conventions.js';
import { patternText } from '../pattern.js';
import { ATTR_ATTEMPT, ATTR_QUEUE_WAIT, ATTR_REDELIVERED } from './delivery.interface.js';
import type { Delivery } from './delivery.interface.js';
import type { AnyContext } from './message-carrier.js';
import { argument, eitherCarrier } from './message-carrier.js';
import { queueWait } from './queue-wait.js';
import type { RpcPacket } from './rpc-server.js';

/** From here on a timestamp is meant in milliseconds: AMQP has seconds, and many clients write the others. */
const FIRST_MILLIS = 1e11;

/** What is used of a message of RabbitMQ's. */
interface RabbitMessage {
  readonly fields?: {
    readonly exchange?: unknown;
    readonly routingKey?: unknown;
    readonly redelivered?: unknown;
  };
  readonly properties?: {
    readonly headers?: Readonly<Record<string, unknown>> | null;
    readonly timestamp?: unknown;
  };
}

/** Reads what RabbitMQ tells of a message: what only a span needs when it is asked for. */
export function rabbitDelivery(
  ctx: AnyContext,
  packet: RpcPacket | undefined,
  isEvent: boolean | undefined,
): Delivery {
  const given: unknown = argument(ctx, 0);
  const { fields = {}, properties = {} } = (isObject(given) ? given : {}) as RabbitMessage;
  const headers = properties.headers ?? undefined;
  return {
    isEvent,
    carrier: eitherCarrier(headers, packet),
    get destination() {
      return destinationOf(fields);
    },
    get attributes() {
      return attributesOf(fields, properties, headers);
    },
  };
}

/** The conventions write exchange and routing key; the default exchange has no name. */
function destinationOf({ exchange, routingKey }: NonNullable<RabbitMessage['fields']>) {
  const parts = [exchange, routingKey].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? undefined : patternText([...new Set(parts)].join(':'));
}

function attributesOf(
  { redelivered, routingKey }: NonNullable<RabbitMessage['fields']>,
  { timestamp }: NonNullable<RabbitMessage['properties']>,
  headers: Readonly<Record<string, unknown>> | undefined,
): Attributes {
  const attributes: Attributes = {};
  if (typeof routingKey === 'string')
    attributes[MESSAGING.rabbitRoutingKey] = patternText(routingKey);
  if (redelivered === true) attributes[ATTR_REDELIVERED] = true;
  const returned: unknown = headers?.['x-delivery-count'];
  if (typeof returned === 'number') attributes[ATTR_ATTEMPT] = returned + 1;
  const wait = typeof timestamp === 'number' ? queueWait(millisOf(timestamp)) : undefined;
  if (wait !== undefined) attributes[ATTR_QUEUE_WAIT] = wait;
  return attributes;
}

function millisOf(timestamp: number): number {
  return timestamp < FIRST_MILLIS ? timestamp * 1000 : timestamp;
}
