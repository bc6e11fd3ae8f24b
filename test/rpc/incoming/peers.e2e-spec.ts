import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { connect as connectSocket } from 'node:net';
import type { Server } from 'node:net';
import { connect as connectNats, headers as natsHeaders } from '@nats-io/transport-node';
import { Controller, Logger, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import type { RedisContext } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import amqp from 'amqplib';
import { Redis } from 'ioredis';
import mqttClient from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { describeWithService } from '../../support/services.js';
import { caller } from './support/callers.js';
import type { TransportUnderTest } from './support/transports.js';
import { mqtt5, nats, redis, redisWildcards, rmq, tcp, uniqueRun } from './support/transports.js';

const spans = recordSpans();
const received: unknown[] = [];

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => {
  received.length = 0;
  spans.reset();
});

afterAll(() => spans.stop());

function controllerOf(at: (word: string) => string) {
  @Controller()
  class Orders {
    @MessagePattern(at('double'))
    double(@Payload() data: { n: number }): { n: number } {
      return { n: data.n * 2 };
    }

    @EventPattern(at('created'))
    created(@Payload() data: unknown): void {
      received.push(data);
    }
  }
  return Orders;
}

async function serve(transport: TransportUnderTest, run: string, isTraced: boolean) {
  const tracing = isTraced ? [TracingModule.forRoot({ microservices: { outgoing: false } })] : [];
  const controller = controllerOf((word) => transport.subject(run, word));
  @Module({ imports: tracing, controllers: [controller] })
  class AppModule {}
  const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = moduleRef.createNestMicroservice({ ...transport.server(run), logger: false });
  await app.listen();
  return app;
}

/** A peer that speaks a protocol by itself and knows nothing of Nest or of us. */
interface RawPeer {
  /** Sends a request as Nest's clients write it, and returns the bytes of the reply. */
  ask(pattern: string, data: unknown, carried?: Record<string, string>): Promise<string>;
  /** Publishes bare JSON, without an envelope of Nest's where the protocol has a place for its subject. */
  publish(pattern: string, data: unknown, carried?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

const REQUEST_ID = 'f00d';

async function rawTcp(app: INestMicroservice): Promise<RawPeer> {
  const { port } = app.unwrap<Server>().address() as { port: number };
  const socket = connectSocket(port, '127.0.0.1');
  await once(socket, 'connect');
  const write = (packet: object): void => {
    const text = JSON.stringify(packet);
    socket.write(`${text.length}#${text}`);
  };
  return {
    async ask(pattern, data, metadata) {
      write({ pattern, data, id: REQUEST_ID, ...(metadata && { metadata }) });
      return String((await once(socket, 'data'))[0]);
    },
    publish: (pattern, data, metadata) =>
      Promise.resolve(write({ pattern, data, ...(metadata && { metadata }) })),
    async close() {
      socket.end();
      await once(socket, 'close');
    },
  };
}

async function rawRedis(): Promise<RawPeer> {
  const [publisher, subscriber] = [new Redis(), new Redis()];
  return {
    async ask(pattern, data, metadata) {
      await subscriber.subscribe(`${pattern}.reply`);
      const reply = once(subscriber, 'message');
      const packet = { pattern, data, id: REQUEST_ID, ...(metadata && { metadata }) };
      await publisher.publish(pattern, JSON.stringify(packet));
      return String((await reply)[1]);
    },
    async publish(pattern, data) {
      await publisher.publish(pattern, JSON.stringify(data));
    },
    async close() {
      await Promise.all([publisher.quit(), subscriber.quit()]);
    },
  };
}

async function rawNats(): Promise<RawPeer> {
  const connection = await connectNats({ servers: '127.0.0.1:4222' });
  const headersOf = (carried?: Record<string, string>) => {
    if (carried === undefined) return {};
    const headers = natsHeaders();
    for (const [name, value] of Object.entries(carried)) headers.set(name, value);
    return { headers };
  };
  return {
    async ask(pattern, data, carried) {
      const packet = JSON.stringify({ pattern, data, id: REQUEST_ID });
      return (
        await connection.request(pattern, packet, { timeout: 5000, ...headersOf(carried) })
      ).string();
    },
    async publish(pattern, data, carried) {
      connection.publish(pattern, JSON.stringify(data), headersOf(carried));
      await connection.flush();
    },
    close: () => connection.close(),
  };
}

async function rawAmqp(queue: string): Promise<RawPeer> {
  const connection = await amqp.connect('amqp://guest:guest@127.0.0.1:5672');
  const channel = await connection.createChannel();
  const replies = await channel.assertQueue('', { exclusive: true });
  let replied: (text: string) => void = () => undefined;
  await channel.consume(replies.queue, (message) => replied(String(message?.content)), {
    noAck: true,
  });
  const send = (packet: object, headers: Record<string, string> | undefined, options: object) =>
    channel.sendToQueue(queue, Buffer.from(JSON.stringify(packet)), { headers, ...options });
  return {
    ask: (pattern, data, headers) =>
      new Promise((resolve) => {
        replied = resolve;
        const options = { replyTo: replies.queue, correlationId: REQUEST_ID };
        send({ pattern, data, id: REQUEST_ID }, headers, options);
      }),
    publish: (pattern, data, headers) => Promise.resolve(void send({ pattern, data }, headers, {})),
    close: () => connection.close(),
  };
}

async function rawMqtt(): Promise<RawPeer> {
  const client = await mqttClient.connectAsync('mqtt://127.0.0.1:1883', { protocolVersion: 5 });
  const propertiesOf = (userProperties?: Record<string, string>) =>
    userProperties === undefined ? {} : { properties: { userProperties } };
  return {
    async ask(pattern, data, carried) {
      await client.subscribeAsync(`${pattern}/reply`);
      const reply = once(client as unknown as EventEmitter, 'message');
      const packet = JSON.stringify({ pattern, data, id: REQUEST_ID });
      await client.publishAsync(pattern, packet, propertiesOf(carried));
      return String((await reply)[1]);
    },
    async publish(pattern, data, carried) {
      await client.publishAsync(pattern, JSON.stringify(data), propertiesOf(carried));
    },
    close: () => client.endAsync(),
  };
}

/** Whether a peer's headers come along where it writes no envelope of Nest's. */
const PEERS = [
  [tcp, rawTcp, true],
  [redis, rawRedis, false],
  [nats, rawNats, true],
  [rmq, (_: INestMicroservice, run: string) => rawAmqp(run), true],
  [mqtt5, rawMqtt, true],
] as const;

for (const [transport, connect, hasHeaders] of PEERS) {
  const { service, title } = transport;
  const suite = () => battery(transport, connect, hasHeaders);
  if (service === undefined) describe(`a raw peer over ${title}`, suite);
  else describeWithService(service, `a raw peer over ${title}`, suite);
}

function battery(
  transport: TransportUnderTest,
  connect: (app: INestMicroservice, run: string) => Promise<RawPeer>,
  hasHeaders: boolean,
): void {
  const run = uniqueRun();
  const at = (word: string) => transport.subject(run, word);
  let app: INestMicroservice;
  let peer: RawPeer;

  beforeAll(async () => {
    app = await serve(transport, run, true);
    peer = await connect(app, run);
  });

  afterAll(async () => {
    await peer.close();
    await app.close();
  });

  const entry = async (): Promise<ReadableSpan> => {
    await vi.waitFor(() => expect(spans.finished).toHaveLength(1));
    return spans.finished[0] as ReadableSpan;
  };

  it('M11 that sends a context is the parent of its request', async () => {
    const from = caller(7);
    expect(JSON.stringify(await peer.ask(at('double'), { n: 2 }, { ...from }))).toContain('4');
    expect((await entry()).parentSpanContext?.spanId).toBe(from.spanId);
  });

  it('M11 that sends none starts a new trace', async () => {
    await peer.publish(at('created'), { pattern: undefined, order: 1 });
    const span = await entry();
    expect(span).toMatchObject({ name: `process ${at('created')}`, kind: SpanKind.CONSUMER });
    expect(span.links).toEqual([]);
    expect(received).toEqual([{ order: 1 }]);
  });

  it.runIf(hasHeaders)('M11 that sends bare JSON is linked by its headers', async () => {
    const from = caller(8);
    await peer.publish(at('created'), { order: 2 }, { ...from });
    expect((await entry()).links[0]?.context.spanId).toBe(from.spanId);
    expect(received).toEqual([{ order: 2 }]);
  });

  it('M1 M14 gets the very bytes that it gets without us', async () => {
    const traced = await peer.ask(at('double'), { n: 21 }, { ...caller(9) });
    const bareRun = uniqueRun();
    const bare = await serve(transport, bareRun, false);
    const other = await connect(bare, bareRun);
    const reply = await other.ask(transport.subject(bareRun, 'double'), { n: 21 });
    expect(traced.replaceAll(run, bareRun)).toBe(reply);
    expect(reply).toContain('42');
    await other.close();
    await bare.close();
  });
}

describeWithService(redisWildcards.service!, 'Redis with wildcards', () => {
  it('M31 a reply that matches the own pattern is shown as the event that Nest takes it for', async () => {
    const run = uniqueRun();
    const seen: [string, unknown][] = [];
    @Controller()
    class Everything {
      @MessagePattern(`${run}.*`)
      all(@Payload() data: unknown, @Ctx() ctx: RedisContext): string {
        seen.push([ctx.getChannel(), data]);
        return 'done';
      }
    }
    @Module({ imports: [TracingModule.forRoot()], controllers: [Everything] })
    class AppModule {}
    const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = moduleRef.createNestMicroservice({ ...redisWildcards.server(run), logger: false });
    await app.listen();
    const peer = await rawRedis();
    const from = caller(10);
    expect(await peer.ask(`${run}.ask`, 1, { ...from })).toContain('done');
    await vi.waitFor(() => expect(spans.finished).toHaveLength(2));
    expect(spans.one(`${run}.*`).parentSpanContext?.spanId).toBe(from.spanId);
    const echo = spans.one(`process ${run}.*`);
    expect(echo.attributes['messaging.destination.name']).toBe(`${run}.ask.reply`);
    expect(echo.links).toEqual([]);
    expect(seen).toEqual([
      [`${run}.ask`, 1],
      [`${run}.ask.reply`, { id: REQUEST_ID, response: 'done', isDisposed: true }],
    ]);
    await peer.close();
    await app.close();
  });
});
