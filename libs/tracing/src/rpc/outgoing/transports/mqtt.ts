import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { StandIns } from '../../stand-ins.js';
import { carriedFields } from '../carried-context.js';
import type { ClientShape, OutgoingPacket } from '../client-shape.js';
import { aroundSerializer } from './serializer.js';

/** A client of MQTT, as far as it is looked at. */
interface MqttClient extends ClientShape {
  readonly mqttClient?: { readonly options?: { readonly protocolVersion?: number } } | null;
}

/** What goes along with one message. */
interface PublishOptions {
  readonly properties?: { readonly userProperties?: object };
}

/** Whether a client speaks MQTT 5, which has user properties. */
export function hasUserProperties(client: ClientShape): boolean {
  return (client as MqttClient).mqttClient?.options?.protocolVersion === 5;
}

/**
 * Gives messages of MQTT 5 their user properties. A request may be published when its reply topic has
 * been subscribed to, in the context of the connection: its own context is kept with its packet, which is
 * serialized just before its properties are asked for.
 */
export class UserProperties {
  readonly #contexts = new WeakMap<object, Context>();
  #publishing: Context | undefined;

  constructor(client: ClientShape, standIns: StandIns) {
    aroundSerializer(client, standIns, (serialize, packet) => {
      const serialized = serialize();
      this.#publishing = this.#contexts.get(packet as object);
      return serialized;
    });
    standIns.put(client, 'mergePacketOptions', (original, args) => {
      const options = original(args) as PublishOptions | undefined;
      const ctx = this.#publishing ?? context.active();
      this.#publishing = undefined;
      return hasUserProperties(client) ? context.with(ctx, () => withProperties(options)) : options;
    });
  }

  /** Keeps the active context for a packet. */
  keepFor(packet: OutgoingPacket): void {
    this.#contexts.set(packet, context.active());
  }
}

function withProperties(options: PublishOptions | undefined): PublishOptions | undefined {
  const { properties } = options ?? {};
  const fields = carriedFields(properties?.userProperties);
  if (fields === undefined) return options;
  const userProperties = { ...properties?.userProperties, ...fields };
  return { ...options, properties: { ...properties, userProperties } };
}
