import { randomUUID } from 'node:crypto';
import type { Server } from 'node:net';
import { headers as natsHeaders } from '@nats-io/transport-node';
import type { INestMicroservice } from '@nestjs/common';
import {
  ClientProxyFactory,
  MqttRecordBuilder,
  NatsRecordBuilder,
  RmqRecordBuilder,
  Transport,
} from '@nestjs/microservices';
import type { ClientProxy, MicroserviceOptions } from '@nestjs/microservices';
import type { Service } from '../../../support/services.js';
import { findMosquitto, findNats, findRabbitMq, findRedis } from '../../../support/services.js';

/** What a message carries beside its data. */
export type Carried = Readonly<Record<string, string>>;

/** One of Nest's transports, as the battery of behaviours uses it. */
export interface TransportUnderTest {
  readonly title: string;
  /** As the attribute `nestjs.transport` names it. */
  readonly name: string;
  /** `messaging.system` of its events. */
  readonly system: string;
  readonly service: Service | undefined;
  /** Joins words to a pattern, subject or topic; `*` is any one word. */
  subject(...words: readonly string[]): string;
  /** Whether a pattern with `*` takes what it matches. */
  readonly hasWildcards: boolean;
  server(run: string): MicroserviceOptions;
  client(run: string, app: INestMicroservice): ClientProxy;
  /** Puts headers beside the data. */
  carry(data: unknown, carried: Carried): unknown;
}

const URLS = { rmq: 'amqp://guest:guest@127.0.0.1:5672', mqtt: 'mqtt://127.0.0.1:1883' } as const;

/** Names what one suite uses at a broker, so that suites which run at once do not meet. */
export function uniqueRun(): string {
  return `t${randomUUID().slice(0, 8)}`;
}

class WithMetadata {
  constructor(
    readonly data: unknown,
    readonly metadata: Carried,
  ) {}
}

/** Writes headers where the protocol has no place for them: beside the data, as Nest 12 does. */
const intoPacket = {
  serialize: (packet: { data: unknown }): unknown =>
    packet.data instanceof WithMetadata ? Object.assign({}, packet, packet.data) : packet,
};

const intoText = {
  serialize: (packet: { data: unknown }) => JSON.stringify(intoPacket.serialize(packet)),
};

const joined =
  (separator: string) =>
  (...words: readonly string[]) =>
    words.join(separator);

const carryInPacket = (data: unknown, carried: Carried) => new WithMetadata(data, carried);

function portOf(app: INestMicroservice): number {
  const address = app.unwrap<Server>().address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const tcp: TransportUnderTest = {
  title: 'TCP',
  name: 'tcp',
  system: 'nestjs',
  service: undefined,
  hasWildcards: false,
  subject: joined('.'),
  server: () => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } }),
  client: (_, app) =>
    ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: portOf(app), serializer: intoPacket } as object,
    }),
  carry: carryInPacket,
};

const redis: TransportUnderTest = {
  ...tcp,
  title: 'Redis',
  name: 'redis',
  system: 'redis',
  service: await findRedis(),
  server: () => ({ transport: Transport.REDIS, options: { host: '127.0.0.1' } }),
  client: () =>
    ClientProxyFactory.create({
      transport: Transport.REDIS,
      options: { host: '127.0.0.1', serializer: intoPacket },
    }),
};

const redisWildcards: TransportUnderTest = {
  ...redis,
  title: 'Redis with wildcards',
  hasWildcards: true,
  server: () => ({ transport: Transport.REDIS, options: { host: '127.0.0.1', wildcards: true } }),
};

const nats: TransportUnderTest = {
  ...tcp,
  title: 'NATS',
  name: 'nats',
  system: 'nats',
  service: await findNats(),
  hasWildcards: true,
  server: () => ({ transport: Transport.NATS, options: { servers: '127.0.0.1:4222' } }),
  client: () =>
    ClientProxyFactory.create({
      transport: Transport.NATS,
      options: { servers: '127.0.0.1:4222' },
    }),
  carry(data, carried) {
    const headers = natsHeaders();
    for (const [name, value] of Object.entries(carried)) headers.set(name, value);
    return new NatsRecordBuilder(data).setHeaders(headers).build();
  },
};

/** A queue that goes with its consumer. */
const TEMPORARY = { durable: false, autoDelete: true } as const;

const rmq: TransportUnderTest = {
  ...tcp,
  title: 'RabbitMQ',
  name: 'rmq',
  system: 'rabbitmq',
  service: await findRabbitMq(),
  server: (run) => ({
    transport: Transport.RMQ,
    options: { urls: [URLS.rmq], queue: run, queueOptions: TEMPORARY },
  }),
  client: (run) =>
    ClientProxyFactory.create({
      transport: Transport.RMQ,
      options: { urls: [URLS.rmq], queue: run, queueOptions: TEMPORARY },
    }),
  carry: (data, headers) => new RmqRecordBuilder(data).setOptions({ headers }).build(),
};

const mqtt: TransportUnderTest = {
  ...tcp,
  title: 'MQTT 3.1.1',
  name: 'mqtt',
  system: 'mqtt',
  service: await findMosquitto(),
  hasWildcards: true,
  subject: (...words) => words.map((word) => (word === '*' ? '+' : word)).join('/'),
  server: () => ({ transport: Transport.MQTT, options: { url: URLS.mqtt } }),
  client: () =>
    ClientProxyFactory.create({
      transport: Transport.MQTT,
      options: { url: URLS.mqtt, serializer: intoText },
    }),
};

const mqtt5: TransportUnderTest = {
  ...mqtt,
  title: 'MQTT 5',
  server: () => ({ transport: Transport.MQTT, options: { url: URLS.mqtt, protocolVersion: 5 } }),
  client: () =>
    ClientProxyFactory.create({
      transport: Transport.MQTT,
      options: { url: URLS.mqtt, protocolVersion: 5 },
    }),
  carry: (data, userProperties) =>
    new MqttRecordBuilder(data).setProperties({ userProperties: { ...userProperties } }).build(),
};

/** Every transport that a Nest server and a Nest client of this process can talk over. */
export const TRANSPORTS = [tcp, redis, redisWildcards, nats, rmq, mqtt, mqtt5] as const;

export { mqtt, mqtt5, nats, redis, redisWildcards, rmq, tcp };
