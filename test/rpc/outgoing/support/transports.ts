import { randomUUID } from 'node:crypto';
import { Transport } from '@nestjs/microservices';
import type { MqttContext, NatsContext, RmqContext, TcpContext } from '@nestjs/microservices';
import type { ClientProviderOptions, MicroserviceOptions } from '@nestjs/microservices';
import {
  MOSQUITTO,
  NATS,
  RABBITMQ,
  REDIS,
  findMosquitto,
  findNats,
  findRabbitMq,
  findRedis,
} from '../../../support/services.js';
import type { Service } from '../../../support/services.js';
import { freePort } from '../../../support/free-port.js';

/** What a message has for headers, by name, as it arrived. */
export type Arrived = Readonly<Record<string, unknown>>;

/** One of Nest's transports on a real broker. */
export interface TransportCase {
  readonly name: string;
  /** As the span says it. */
  readonly system: string;
  readonly transport: string;
  readonly port: number;
  readonly service: Service;
  /** Where the carrier is. */
  readonly carrier: 'headers' | 'metadata';
  /** Options of a server and of its clients, which no other run has. */
  connect(): Promise<TransportOptions>;
  /** Reads what a message has for headers, in the handler's context. */
  arrived(context: unknown): Arrived;
}

export interface TransportOptions {
  readonly server: MicroserviceOptions;
  readonly client: Omit<ClientProviderOptions, 'name'>;
}

/** The same options for both sides: Nest's unions do not know that they are alike. */
function both(transport: Transport, options: object, client: object = options): TransportOptions {
  return {
    server: { transport, options } as MicroserviceOptions,
    client: { transport, options: client } as Omit<ClientProviderOptions, 'name'>,
  };
}

function metadataOf(context: unknown): Arrived {
  return ((context as TcpContext).getMetadata() as Arrived | undefined) ?? {};
}

const ALWAYS: Service = { name: 'TCP', host: '127.0.0.1', port: 0, missing: undefined };

const TCP: TransportCase = {
  name: 'TCP',
  system: 'nestjs',
  transport: 'tcp',
  port: 0,
  service: ALWAYS,
  carrier: 'metadata',
  connect: async () => both(Transport.TCP, { host: '127.0.0.1', port: await freePort() }),
  arrived: metadataOf,
};

const REDIS_PUBSUB: TransportCase = {
  name: 'Redis',
  system: 'redis',
  transport: 'redis',
  port: REDIS.port,
  service: await findRedis(),
  carrier: 'metadata',
  connect: async () => both(Transport.REDIS, { ...REDIS }),
  arrived: metadataOf,
};

const NATS_CORE: TransportCase = {
  name: 'NATS',
  system: 'nats',
  transport: 'nats',
  port: NATS.port,
  service: await findNats(),
  carrier: 'headers',
  connect: async () => both(Transport.NATS, { servers: [`nats://${NATS.host}:${NATS.port}`] }),
  arrived: (context) => {
    const headers = (context as NatsContext).getHeaders() as NatsHeaders | undefined;
    return Object.fromEntries((headers?.keys() ?? []).map((key) => [key, headers?.get(key)]));
  },
};

interface NatsHeaders {
  keys(): string[];
  get(name: string): string;
}

const RABBIT: TransportCase = {
  name: 'RabbitMQ',
  system: 'rabbitmq',
  transport: 'rmq',
  port: RABBITMQ.port,
  service: await findRabbitMq(),
  carrier: 'headers',
  connect: async () => {
    const queue = `nestjs-tracing-${randomUUID()}`;
    const queueOptions = { durable: false, autoDelete: true };
    return both(Transport.RMQ, { urls: [RABBITMQ.url], queue, queueOptions });
  },
  arrived: (context) => {
    const message = (context as RmqContext).getMessage() as { properties: { headers?: Arrived } };
    return message.properties.headers ?? {};
  },
};

function mqtt(version: 4 | 5): TransportCase {
  const packetOf = (context: unknown) =>
    (context as MqttContext).getPacket() as {
      readonly payload: Buffer;
      readonly properties?: { readonly userProperties?: Arrived };
    };
  return {
    name: version === 5 ? 'MQTT 5' : 'MQTT 3.1.1',
    system: 'mqtt',
    transport: 'mqtt',
    port: MOSQUITTO.port,
    service: MQTT_SERVICE,
    carrier: version === 5 ? 'headers' : 'metadata',
    connect: async () =>
      both(Transport.MQTT, {
        url: `mqtt://${MOSQUITTO.host}:${MOSQUITTO.port}`,
        protocolVersion: version,
      }),
    arrived: (context) => {
      const { payload, properties } = packetOf(context);
      if (version === 5) return { ...properties?.userProperties };
      const packet = JSON.parse(payload.toString()) as { readonly metadata?: Arrived };
      return packet.metadata ?? {};
    },
  };
}

const MQTT_SERVICE = await findMosquitto();

export const TRANSPORTS: readonly TransportCase[] = [
  TCP,
  REDIS_PUBSUB,
  NATS_CORE,
  RABBIT,
  mqtt(4),
  mqtt(5),
];
