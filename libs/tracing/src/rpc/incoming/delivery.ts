import { isObject } from '../../span/is-object.js';
import type { TransportName } from '../conventions.js';
import { patternText } from '../pattern.js';
import type { Delivery } from './delivery.interface.js';
import type { KafkaDeliveries } from './kafka-delivery.js';
import type { AnyContext } from './message-carrier.js';
import { argument, customCarrier, eitherCarrier } from './message-carrier.js';
import { rabbitDelivery } from './rabbit-delivery.js';
import type { RpcPacket } from './rpc-server.js';

/** What is known beside the context. */
interface DeliveredWith {
  readonly packet: RpcPacket | undefined;
  readonly kafka: KafkaDeliveries | undefined;
}

/** Reads what a transport tells of a message. */
export function deliveryOf(
  transport: TransportName,
  given: unknown,
  { packet, kafka }: DeliveredWith,
): Delivery {
  const ctx: AnyContext = isObject(given) ? given : undefined;
  const isEvent = packet && packet.id === undefined;
  switch (transport) {
    case 'tcp':
      return { isEvent, carrier: argument(ctx, 2) ?? packet?.metadata };
    case 'redis':
      return at(ctx, isEvent, argument(ctx, 1) ?? packet?.metadata);
    case 'nats':
      return at(ctx, isEvent, eitherCarrier(argument(ctx, 1), packet));
    case 'mqtt':
      return at(ctx, isEvent, mqttCarrier(ctx, packet));
    case 'rmq':
      return rabbitDelivery(ctx, packet, isEvent);
    case 'kafka':
      return kafka?.read(ctx) ?? { isEvent, carrier: undefined };
    default:
      return { isEvent, carrier: customCarrier(ctx, packet) };
  }
}

/** The concrete channel, subject or topic comes first; only a span needs it. */
function at(ctx: AnyContext, isEvent: boolean | undefined, carrier: unknown): Delivery {
  return {
    isEvent,
    carrier,
    get destination() {
      const channel = argument(ctx, 0);
      return typeof channel === 'string' ? patternText(channel) : undefined;
    },
  };
}

/** MQTT 5 has user properties; before that there is Nest's packet alone. */
function mqttCarrier(ctx: AnyContext, packet: RpcPacket | undefined): unknown {
  const { properties } = (argument(ctx, 1) ?? {}) as { properties?: { userProperties?: unknown } };
  return eitherCarrier(properties?.userProperties, packet);
}
