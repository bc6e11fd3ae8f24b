import { setImmediate as turn } from 'node:timers/promises';
import { Controller, Logger, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import {
  KafkaRetriableException,
  MessagePattern,
  Payload,
  RpcException,
} from '@nestjs/microservices';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { of } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { caller } from './support/callers.js';
import { StandInKafka } from './support/kafka-stand-in.js';
import { OnEvent } from './support/on-event.js';

const spans = recordSpans();

@Controller()
class Orders {
  static failures = 0;

  @MessagePattern('orders.price')
  price(@Payload() order: { items: number }) {
    return of({ price: order.items * 5 });
  }

  @MessagePattern('orders.refused')
  refused(): never {
    throw new RpcException('no such order');
  }

  @OnEvent('orders.created')
  async created(): Promise<void> {
    await turn();
  }

  @OnEvent(/^audit\.(?:a|b)$/)
  audit(): void {}

  @OnEvent('orders.retried')
  retried(): void {
    Orders.failures -= 1;
    if (Orders.failures >= 0) throw new KafkaRetriableException('not yet');
  }

  @OnEvent('orders.traced')
  async traced(@Payload() id: { n: number }): Promise<void> {
    for (let turns = id.n % 5; turns > 0; turns -= 1) await turn();
    trace.getActiveSpan()?.setAttribute('test.n', id.n);
  }
}

const server = new StandInKafka();
let app: INestMicroservice;

beforeAll(async () => {
  @Module({ imports: [TracingModule.forRoot()], controllers: [Orders] })
  class AppModule {}
  const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
  app = moduleRef.createNestMicroservice({
    strategy: server,
    logger: false,
  } as MicroserviceOptions);
  await app.listen();
});

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
  server.replies.length = 0;
});

afterAll(async () => {
  await app.close();
  await spans.stop();
});

const ASKING = { kafka_correlationId: Buffer.from('c1'), kafka_replyTopic: Buffer.from('replies') };

/** The headers of a caller, as bytes. */
function bytesOf(carried: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(carried).map(([key, value]) => [key, Buffer.from(value)]),
  );
}

describe("Nest's server for Kafka, with kafkajs stood in for", () => {
  it('M1 M14 gives a request a SERVER span, and its reply nothing of ours', async () => {
    const from = caller();
    await server.deliver('orders.price', { items: 2 }, { ...ASKING, ...bytesOf(from) });
    await expect.poll(() => server.replies.length).toBe(1);
    const span = spans.one('orders.price');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.parentSpanContext?.spanId).toBe(from.spanId);
    const [message] = server.replies[0]?.messages ?? [];
    expect(message?.value).toBe('{"price":10}');
    expect(Object.keys(message?.headers ?? {}).toSorted()).toEqual([
      'kafka_correlationId',
      'kafka_nest-is-disposed',
    ]);
  });

  it('M1 M18 M28 gives an event a CONSUMER span: where it was and how long, nothing of what it held', async () => {
    const from = caller(2);
    const timestamp = String(Date.now() - 2000);
    const value = { password: 'top secret' };
    await server.deliver('orders.created', value, bytesOf(from), { offset: '41', timestamp });
    const span = spans.one('process orders.created');
    expect(span.kind).toBe(SpanKind.CONSUMER);
    expect(span.links[0]?.context.spanId).toBe(from.spanId);
    expect(span.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.destination.partition.id': '3',
      'messaging.kafka.offset': 41,
      'messaging.consumer.group.name': 'orders-server',
    });
    expect(span.attributes['async.message.queue_wait_ms']).toBeGreaterThanOrEqual(2000);
    expect(JSON.stringify(span.attributes)).not.toMatch(/secret|ada@/);
  });

  it('M7 is named by its regular expression', async () => {
    await server.deliver('audit.a', {});
    const span = spans.one('process /^audit\\.(?:a|b)$/');
    expect(span.attributes['messaging.destination.name']).toBe('audit.a');
  });

  it.each([
    ['a text', (value: string) => value],
    ['a list of bytes', (value: string) => [Buffer.from(value)]],
  ])('M13 reads a context that is %s', async (_, encode) => {
    await server.deliver('orders.created', {}, { traceparent: encode(caller(3).traceparent) });
    expect(spans.one('process orders.created').links[0]?.context.spanId).toBe(caller(3).spanId);
  });

  it.each([
    ['with a leading zero byte', Buffer.from(`\0${caller(3).traceparent}`)],
    ['that KafkaParser takes for JSON', Buffer.from('{"traceparent":1}')],
    ['that is missing its end', Buffer.from(caller(3).traceparent.slice(0, 30))],
  ])('M13 ignores a context %s', async (_, traceparent) => {
    await server.deliver('orders.created', {}, { traceparent });
    expect(spans.one('process orders.created').links).toEqual([]);
  });

  it('M20 leaves a request with an RpcException UNSET', async () => {
    await server.deliver('orders.refused', {}, ASKING);
    const span = spans.one('orders.refused');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.events).toHaveLength(1);
  });

  it('M6 M28 gives each attempt of a retried message a span that tells which it is', async () => {
    Orders.failures = 2;
    for (const isFailing of [true, true, false]) {
      const delivered = server.deliver('orders.retried', {}, {}, { offset: '77' });
      if (isFailing) await expect(delivered).rejects.toThrow('not yet');
      else await delivered;
    }
    const attempts = spans
      .named('process orders.retried')
      .map(({ attributes, status }) => [attributes['async.message.attempt'], status.code]);
    expect(attempts).toEqual([
      [undefined, SpanStatusCode.ERROR],
      [2, SpanStatusCode.ERROR],
      [3, SpanStatusCode.UNSET],
    ]);
  });

  it('takes a tombstone', async () => {
    await server.deliver('orders.created', null);
    expect(spans.one('process orders.created').status.code).toBe(SpanStatusCode.UNSET);
  });

  it('M29 never mixes the callers of 1,000 messages at once', async () => {
    const numbers = Array.from({ length: 1000 }, (_, n) => n + 1);
    await Promise.all(
      numbers.map((n) => server.deliver('orders.traced', { n }, bytesOf(caller(n)))),
    );
    const found = spans.named('process orders.traced');
    expect(found).toHaveLength(1000);
    for (const { attributes, links } of found) {
      expect(links[0]?.context.spanId).toBe(caller(Number(attributes['test.n'])).spanId);
    }
  });
});
