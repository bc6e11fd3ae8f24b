import { ClientKafka } from '@nestjs/microservices';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tracedClient } from 'nestjs-tracing';
import { ClientApp } from './support/client-app.js';
import { KafkaBroker } from './support/kafka-broker.js';
import type { KafkaRecord } from './support/kafka-broker.js';

const SOME = expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-01$/) as string;
const done = (sent: Observable<unknown>) => lastValueFrom(sent, { defaultValue: undefined });

let app: ClientApp;
let broker: KafkaBroker;
let client: ClientKafka;

beforeAll(async () => {
  broker = await KafkaBroker.start();
  app = await ClientApp.start({});
  client = tracedClient(
    new ClientKafka({
      producerOnlyMode: true,
      client: { brokers: [broker.address], logLevel: 0 },
      producer: { retry: { retries: 0 } },
    }),
  );
});

afterEach(() => {
  app.spans.reset();
  broker.records.length = 0;
});

afterAll(async () => {
  await client.close();
  await app.close();
  await broker.close();
});

function headersOf({ headers }: KafkaRecord): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

describe('records of Kafka, over the wire', () => {
  it('M10 M12 carry the trace in headers, beside those of the user, whose message stays', async () => {
    const headers = Object.freeze({ 'x-own': 'o' });
    const message = { key: 'k', value: 'v', headers };
    for (const _ of [1, 2]) await done(client.emit('orders', message));
    expect(broker.records.map(headersOf)).toEqual([
      { 'x-own': 'o', traceparent: SOME },
      { 'x-own': 'o', traceparent: SOME },
    ]);
    expect(broker.records.map(({ key, value }) => `${String(key)} ${String(value)}`)).toEqual([
      'k v',
      'k v',
    ]);
    expect(message.headers).toBe(headers);
    const [first, second] = await app.spans.many('publish orders', 2);
    const sent = broker.records.map((record) => headersOf(record)['traceparent']!.split('-')[2]);
    expect(sent).toEqual([first!.spanContext().spanId, second!.spanContext().spanId]);
    expect(first!.kind).toBe(SpanKind.PRODUCER);
    expect(first!.attributes).toEqual({
      'messaging.system': 'kafka',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.template': 'orders',
      'messaging.destination.name': 'orders',
      'nestjs.transport': 'kafka',
      'server.address': '127.0.0.1',
      'server.port': broker.port,
    });
  });

  it('M10 carry it in every message of a batch, with one span for all', async () => {
    await app.request('caller', () =>
      done(client.emitBatch('orders', { messages: [{ value: 'a' }, { value: { b: 1 } }] })),
    );
    const span = await app.spans.one('publish orders');
    expect(span.attributes['messaging.batch.message_count']).toBe(2);
    expect(broker.records.map(({ value }) => String(value))).toEqual(['a', '{"b":1}']);
    const { traceId, spanId } = span.spanContext();
    for (const record of broker.records) {
      expect(headersOf(record)).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
    }
  });

  it('M12 leave a traceparent of the user alone', async () => {
    const own = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    await done(client.emit('orders', { value: 'v', headers: { traceparent: own } }));
    expect(broker.records.map(headersOf)).toEqual([{ traceparent: own }]);
  });

  it('M12 M26 take what an asynchronous serializer of the application makes', async () => {
    class Made {
      readonly #value = Buffer.from('made');
      get value(): Buffer {
        return this.#value;
      }
      readonly headers = { schema: '7' };
    }
    const serializer = { serialize: async () => Promise.resolve(new Made()) };
    const before = Reflect.get(client, 'serializer') as object;
    Reflect.set(client, 'serializer', serializer);
    await done(client.emit('orders', 'v'));
    Reflect.set(client, 'serializer', before);
    expect(broker.records.map(({ value }) => String(value))).toEqual(['made']);
    expect(broker.records.map(headersOf)).toEqual([{ schema: '7', traceparent: SOME }]);
    await done(client.emit('orders', 'plain'));
    expect(broker.records.map(headersOf)[1]).toEqual({ traceparent: SOME });
  });

  it('M31 ends the span of what the broker does not take', async () => {
    const gone = await KafkaBroker.start();
    const { address } = gone;
    await gone.close();
    const options = { brokers: [address], logLevel: 0, retry: { retries: 0 } };
    const lost = tracedClient(new ClientKafka({ producerOnlyMode: true, client: options }));
    await expect(done(lost.emit('orders', 1))).rejects.toThrow();
    const span = await app.spans.one('publish orders');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
  });
});

describe('requests over Kafka', () => {
  /** A client of kafkajs's shape: a whole consumer group is more than a stand-in speaks. */
  class Answering extends ClientKafka {
    readonly sent: { headers: Record<string, string> }[] = [];

    override async createClient<T>(): Promise<T> {
      const on = { on: () => undefined, events: {}, connect: async () => undefined };
      const send = async ({ messages }: { messages: { headers: Record<string, string> }[] }) => {
        this.sent.push(...messages);
        const [{ headers }] = messages as [{ headers: Record<string, string> }];
        const answer = this.routingMap.get(headers['kafka_correlationId']!)!;
        answer({ response: 'done', isDisposed: true });
      };
      const consumer = { ...on, run: async () => undefined, subscribe: async () => undefined };
      return Promise.resolve({
        producer: () => ({ ...on, send, disconnect: async () => undefined }),
        consumer: () => ({ ...consumer, disconnect: async () => undefined }),
      } as T);
    }
    override getReplyTopicPartition(): string {
      return '0';
    }
  }

  it("M10 M18 carry the trace beside Nest's own headers, which the reply is found by", async () => {
    const asking = tracedClient(new Answering({}));
    expect(await firstValueFrom(asking.send('sum', { value: 1 }))).toBe('done');
    const span = await app.spans.one('sum');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(asking.sent[0]?.headers).toEqual({
      traceparent: `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`,
      kafka_correlationId: expect.any(String) as string,
      kafka_replyTopic: 'sum.reply',
      kafka_replyPartition: '0',
    });
    await asking.close();
  });

  it('M25 has one span beside instrumentation-kafkajs, and says so once', async () => {
    class Instrumented extends Answering {
      override async createClient<T>(): Promise<T> {
        const made = await super.createClient<{
          producer(): { send: (record: never) => unknown };
        }>();
        const producer = made.producer();
        const { send } = producer;
        producer.send = (record: never) => {
          trace.getTracer('@opentelemetry/instrumentation-kafkajs').startSpan('send sum').end();
          return send(record);
        };
        Object.defineProperty(producer.send, '__wrapped', { value: true });
        return { ...made, producer: () => producer } as T;
      }
    }
    const asking = tracedClient(new Instrumented({}));
    for (const n of [1, 2]) await firstValueFrom(asking.send('sum', n));
    await app.spans.many('sum', 2);
    expect(app.spans.finished).toHaveLength(2);
    expect(asking.sent.map(({ headers }) => headers['traceparent'])).toEqual([SOME, SOME]);
    const lines = app.logger.lines.filter((line) => line.includes('instrumentation of kafkajs'));
    expect(lines).toHaveLength(1);
    await asking.close();
  });
});
