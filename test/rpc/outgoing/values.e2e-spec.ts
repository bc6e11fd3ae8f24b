import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect as connectAmqp } from 'amqplib';
import { connect as connectNats, headers as natsHeaders } from '@nats-io/transport-node';
import type { MsgHdrs } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { connectAsync } from 'mqtt';
import type { IPublishPacket } from 'mqtt';
import {
  ClientMqtt,
  ClientNats,
  ClientRMQ,
  ClientRedis,
  MqttRecordBuilder,
  NatsRecordBuilder,
  RmqRecordBuilder,
} from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { tracedClient } from 'nestjs-tracing';
import {
  MOSQUITTO,
  NATS,
  RABBITMQ,
  REDIS,
  describeWithService,
  findMosquitto,
  findNats,
  findRabbitMq,
  findRedis,
} from '../../support/services.js';
import { eventually } from '../../support/eventually.js';
import { ClientApp } from './support/client-app.js';

const OWN = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const SOME = expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-01$/) as string;
const unique = () => `values-${process.pid}-${Math.random().toString(36).slice(2)}`;
const done = (sent: Observable<unknown>) => lastValueFrom(sent, { defaultValue: undefined });

let app: ClientApp;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  app = await ClientApp.start({});
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  app.spans.reset();
  app.logger.lines.length = 0;
});

afterAll(() => app.close());

function traced<T extends { close(): unknown }>(client: T): T {
  closing.push(() => client.close());
  return tracedClient(client);
}

describeWithService(await findNats(), 'a raw subscriber of NATS', () => {
  const servers = [`nats://${NATS.host}:${NATS.port}`];

  /** What arrives: the body, and all headers as they were written. */
  async function subscribe(subject: string) {
    const arrived: { data: unknown; headers: Record<string, string[]> }[] = [];
    const connection = await connectNats({ servers });
    closing.push(() => connection.close());
    connection.subscribe(subject, {
      callback: (_, message) => {
        const headers: Record<string, string[]> = {};
        for (const name of message.headers?.keys() ?? [])
          headers[name] = message.headers!.values(name);
        arrived.push({ data: message.json(), headers });
      },
    });
    await connection.flush();
    return arrived;
  }

  it('M10 M11 sees the trace in headers, and the body as without us', async () => {
    const subject = unique();
    const arrived = await subscribe(subject);
    const client = traced(new ClientNats({ servers }));
    await done(client.emit(subject, { n: 1 }));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]).toEqual({
      data: { pattern: subject, data: { n: 1 } },
      headers: { traceparent: [SOME] },
    });
  });

  it('M12 keeps headers of the record and of the client, and changes neither', async () => {
    const subject = unique();
    const arrived = await subscribe(subject);
    const statics = Object.freeze({ 'x-static': 's' });
    const client = traced(new ClientNats({ servers, headers: statics }));
    const headers = natsHeaders();
    headers.append('x-many', 'a');
    headers.append('x-many', 'b');
    const record = new NatsRecordBuilder('body').setHeaders(headers).build();
    await done(client.emit(subject, record));
    await done(client.emit(subject, record));
    await eventually(() => expect(arrived).toHaveLength(2));
    for (const message of arrived) {
      expect(message.headers).toEqual({
        'x-many': ['a', 'b'],
        'x-static': ['s'],
        traceparent: [SOME],
      });
    }
    expect(arrived[0]?.headers).not.toEqual(arrived[1]?.headers);
    expect((record.headers as MsgHdrs).keys()).toEqual(['x-many']);
  });

  it.each(['traceparent', 'Traceparent'])('M12 leaves a %s of the record alone', async (name) => {
    const subject = unique();
    const arrived = await subscribe(subject);
    const headers = natsHeaders();
    headers.set(name, OWN);
    const client = traced(new ClientNats({ servers }));
    await done(client.emit(subject, new NatsRecordBuilder(1).setHeaders(headers).build()));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.headers).toEqual({ [name]: [OWN] });
  });

  it('M12 leaves a traceparent among the headers of the client alone', async () => {
    const subject = unique();
    const arrived = await subscribe(subject);
    const client = traced(new ClientNats({ servers, headers: { Traceparent: OWN } }));
    await done(client.emit(subject, 1));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.headers).toEqual({ Traceparent: [OWN] });
  });

  it('M31 sends without headers to a server that has none, and says so once', async () => {
    const proxy = createServer((socket) => {
      const upstream = connect(NATS.port, NATS.host);
      upstream.on('data', (chunk) => {
        socket.write(
          chunk.toString('latin1').replace('"headers":true', '"headers":false'),
          'latin1',
        );
      });
      socket.pipe(upstream);
      for (const each of [socket, upstream]) each.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    closing.push(() => proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const subject = unique();
    const arrived = await subscribe(subject);
    const client = traced(new ClientNats({ servers: [`nats://127.0.0.1:${port}`] }));
    for (const n of [1, 2]) await done(client.emit(subject, n));
    await eventually(() => expect(arrived).toHaveLength(2));
    expect(arrived.map(({ headers }) => headers)).toEqual([{}, {}]);
    const spans = await app.spans.many(`publish ${subject}`, 2);
    expect(spans.map((span) => span.status.code)).toEqual([0, 0]);
    expect(app.logger.lines.filter((line) => line.includes('no support for headers'))).toHaveLength(
      1,
    );
  });
});

describeWithService(await findRabbitMq(), 'a raw consumer of RabbitMQ', () => {
  async function consume(queue: string, exchange?: string) {
    const arrived: { content: unknown; headers: object | undefined; key: string }[] = [];
    const connection = await connectAmqp(RABBITMQ.url);
    closing.push(() => connection.close());
    const channel = await connection.createChannel();
    await channel.assertQueue(queue, { durable: false, autoDelete: true });
    if (exchange !== undefined) {
      await channel.assertExchange(exchange, 'topic', { durable: true });
      closing.push(() => channel.deleteExchange(exchange));
      await channel.bindQueue(queue, exchange, '#');
    }
    await channel.consume(queue, (message) => {
      const { content, properties, fields } = message!;
      const headers = properties.headers as object | undefined;
      arrived.push({ content: JSON.parse(content.toString()), headers, key: fields.routingKey });
    });
    return arrived;
  }
  const options = (queue: string) => ({
    urls: [RABBITMQ.url],
    queue,
    queueOptions: { durable: false, autoDelete: true },
  });

  it('M10 M11 M12 sees the trace beside headers of the record and of the client', async () => {
    const queue = unique();
    const arrived = await consume(queue);
    const statics = Object.freeze({ tenant: 'a' });
    const client = traced(new ClientRMQ({ ...options(queue), headers: statics }));
    const given = Object.freeze({ 'x-own': 'o' });
    const record = new RmqRecordBuilder({ n: 1 })
      .setOptions({ headers: given, priority: 3 })
      .build();
    for (const _ of [1, 2]) await done(client.emit('order', record));
    await eventually(() => expect(arrived).toHaveLength(2));
    for (const message of arrived) {
      expect(message.content).toEqual({ pattern: 'order', data: { n: 1 } });
      expect(message.headers).toEqual({ tenant: 'a', 'x-own': 'o', traceparent: SOME });
    }
    expect(arrived[0]?.headers).not.toEqual(arrived[1]?.headers);
    expect(record.options).toEqual({ headers: { 'x-own': 'o' }, priority: 3 });
    const [span] = await app.spans.many('publish order', 2);
    expect(span!.attributes['messaging.destination.name']).toBe(queue);
  });

  it('M12 leaves a traceparent of the record alone', async () => {
    const queue = unique();
    const arrived = await consume(queue);
    const client = traced(new ClientRMQ(options(queue)));
    const headers = { traceparent: OWN };
    await done(client.emit('order', new RmqRecordBuilder(1).setOptions({ headers }).build()));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.headers).toEqual({ traceparent: OWN });
  });

  it('M10 sees it by way of an exchange too, which the span names', async () => {
    const exchange = unique();
    const arrived = await consume(`${exchange}-queue`, exchange);
    const client = traced(new ClientRMQ({ ...options(exchange), wildcards: true, exchange }));
    await done(client.emit('order.new', 1));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]).toMatchObject({ key: 'order.new', headers: { traceparent: SOME } });
    const span = await app.spans.one('publish order.new');
    expect(span.attributes['messaging.destination.name']).toBe(`${exchange}:order.new`);
  });
});

describeWithService(await findRedis(), 'a raw subscriber of Redis', () => {
  it('M10 M11 sees the trace in the metadata of the message, and all else as without us', async () => {
    const channel = unique();
    const arrived: unknown[] = [];
    const subscriber = new Redis(REDIS);
    closing.push(() => subscriber.quit());
    await subscriber.subscribe(channel);
    subscriber.on('message', (_, text: string) => arrived.push(JSON.parse(text)));
    const client = traced(new ClientRedis({ ...REDIS }));
    const data = Object.freeze({ n: 1 });
    await done(client.emit(channel, data));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived).toEqual([
      { pattern: channel, data: { n: 1 }, metadata: { traceparent: SOME } },
    ]);
  });
});

describeWithService(await findMosquitto(), 'a raw subscriber of MQTT', () => {
  const url = `mqtt://${MOSQUITTO.host}:${MOSQUITTO.port}`;

  async function subscribe(topic: string) {
    const arrived: { body: unknown; properties: object }[] = [];
    const subscriber = await connectAsync(url, { protocolVersion: 5 });
    closing.push(() => subscriber.endAsync());
    subscriber.on('message', (_, payload, packet: IPublishPacket) => {
      const { userProperties = {} } = packet.properties ?? {};
      arrived.push({ body: JSON.parse(payload.toString()), properties: { ...userProperties } });
    });
    await subscriber.subscribeAsync(topic);
    return arrived;
  }

  it('M10 M11 M12 sees the trace in the user properties, beside those of others', async () => {
    const topic = unique();
    const arrived = await subscribe(topic);
    const userProperties = Object.freeze({ tenant: 'a' });
    const client = traced(new ClientMqtt({ url, protocolVersion: 5, userProperties }));
    const given = Object.freeze({ userProperties: Object.freeze({ 'x-own': 'o' }) });
    const record = () => new MqttRecordBuilder({ n: 1 }).setProperties(given).setQoS(1).build();
    for (const _ of [1, 2]) await done(client.emit(topic, record()));
    await eventually(() => expect(arrived).toHaveLength(2));
    for (const { body, properties } of arrived) {
      expect(body).toEqual({ pattern: topic, data: { n: 1 } });
      expect(properties).toEqual({ tenant: 'a', 'x-own': 'o', traceparent: SOME });
    }
    expect(arrived[0]?.properties).not.toEqual(arrived[1]?.properties);
  });

  it('M12 leaves a traceparent of the record alone', async () => {
    const topic = unique();
    const arrived = await subscribe(topic);
    const client = traced(new ClientMqtt({ url, protocolVersion: 5 }));
    const properties = { userProperties: { traceparent: OWN } };
    await done(client.emit(topic, new MqttRecordBuilder(1).setProperties(properties).build()));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.properties).toEqual({ traceparent: OWN });
  });

  it('M12 M26 takes what a serializer of the application answers, set before or later', async () => {
    const topic = unique();
    const arrived = await subscribe(topic);
    const text = { serialize: () => JSON.stringify('text') };
    const bytes = { serialize: () => Buffer.from(JSON.stringify('bytes')) };
    const client = traced(new ClientMqtt({ url, protocolVersion: 5, serializer: text }));
    await done(client.emit(topic, 1));
    (client as unknown as { serializer: object }).serializer = bytes;
    await done(client.emit(topic, 1));
    await eventually(() => expect(arrived).toHaveLength(2));
    expect(arrived.map(({ body }) => body)).toEqual(['text', 'bytes']);
    expect(arrived.map(({ properties }) => properties)).toEqual([
      { traceparent: SOME },
      { traceparent: SOME },
    ]);
  });

  it('M10 M11 sees the trace in the metadata of the message before MQTT 5', async () => {
    const topic = unique();
    const arrived = await subscribe(topic);
    const client = traced(new ClientMqtt({ url }));
    await done(client.emit(topic, 'hello'));
    await eventually(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]).toEqual({
      body: { pattern: topic, data: 'hello', metadata: { traceparent: SOME } },
      properties: {},
    });
  });
});
