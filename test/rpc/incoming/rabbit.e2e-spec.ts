import { Controller, Logger } from '@nestjs/common';
import { Ctx, RmqRecordBuilder, Transport } from '@nestjs/microservices';
import type { MicroserviceOptions, RmqContext } from '@nestjs/microservices';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Channel, ConsumeMessage } from 'amqplib';
import { lastValueFrom } from 'rxjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { describeWithService } from '../../support/services.js';
import type { RpcApp } from './support/rpc-app.js';
import { startRpcApp } from './support/rpc-app.js';
import { rmq, uniqueRun } from './support/transports.js';
import { OnEvent } from './support/on-event.js';
import type { TransportUnderTest } from './support/transports.js';

const spans = recordSpans();

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => {
  Orders.deliveries = 0;
  spans.reset();
});

afterAll(() => spans.stop());

function settle(ctx: unknown) {
  const known = ctx as RmqContext;
  return {
    channel: known.getChannelRef() as Channel,
    message: known.getMessage() as unknown as ConsumeMessage,
  };
}

@Controller()
class Orders {
  static deliveries = 0;

  @OnEvent('taken')
  taken(@Ctx() ctx: unknown): void {
    const { channel, message } = settle(ctx);
    channel.ack(message);
  }

  @OnEvent('returned')
  returned(@Ctx() ctx: unknown): void {
    const { channel, message } = settle(ctx);
    Orders.deliveries += 1;
    if (Orders.deliveries < 3) channel.nack(message);
    else channel.reject(message, false);
  }

  @OnEvent('slow')
  async slow(): Promise<void> {
    await sleep(30);
  }

  @OnEvent('secret')
  secret(): void {}
}

/** A server of RabbitMQ with options of its own. */
function rabbit(options: object): TransportUnderTest {
  return {
    ...rmq,
    server: (run) => {
      const { options: base } = rmq.server(run) as { options: object };
      return { transport: Transport.RMQ, options: { ...base, ...options } } as MicroserviceOptions;
    },
  };
}

const durationOf = ({ duration: [seconds, nanos] }: ReadableSpan) => seconds * 1000 + nanos / 1e6;

describeWithService(rmq.service!, 'M30 acknowledgements by hand', () => {
  let rpc: RpcApp;

  beforeAll(async () => {
    const transport = rabbit({ noAck: false, prefetchCount: 1 });
    rpc = await startRpcApp(transport, { controllers: [Orders], run: uniqueRun() });
  });

  afterAll(() => rpc.close());

  it('are events of the span', async () => {
    await lastValueFrom(rpc.client.emit('taken', {}), { defaultValue: undefined });
    await vi.waitFor(() => expect(spans.named('process taken')).toHaveLength(1));
    expect(spans.one('process taken').events.map(({ name }) => name)).toEqual(['ack']);
  });

  it('that return a message give a span to each delivery', async () => {
    await lastValueFrom(rpc.client.emit('returned', {}), { defaultValue: undefined });
    await vi.waitFor(() => expect(spans.named('process returned')).toHaveLength(3));
    const found = spans
      .named('process returned')
      .map(({ events, attributes }) => [
        attributes['async.message.redelivered'],
        events.map(({ name }) => name),
        events.map((event) => event.attributes?.['async.message.requeue']),
      ]);
    expect(found).toEqual([
      [undefined, ['nack'], [true]],
      [true, ['nack'], [true]],
      [true, ['reject'], [false]],
    ]);
  });
});

describeWithService(rmq.service!, 'without acknowledgements', () => {
  let rpc: RpcApp;

  beforeAll(async () => {
    rpc = await startRpcApp(rmq, { controllers: [Orders], run: uniqueRun() });
  });

  afterAll(() => rpc.close());

  it('M30 the handler is measured, not the call that delivers the message', async () => {
    await lastValueFrom(rpc.client.emit('slow', {}), { defaultValue: undefined });
    await vi.waitFor(() => expect(spans.named('process slow')).toHaveLength(1));
    const span = spans.one('process slow');
    expect(durationOf(span)).toBeGreaterThan(25);
    expect(span.attributes['async.message.handler_ms']).toBeGreaterThan(25);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('M28 says how long a message has waited, where it tells, and nothing of what it holds', async () => {
    const sent = [Date.now() - 5000, Math.floor((Date.now() - 5000) / 1000), undefined];
    for (const timestamp of sent) {
      const options = { headers: { password: 'top secret' }, ...(timestamp && { timestamp }) };
      const record = new RmqRecordBuilder({ password: 'top secret' }).setOptions(options).build();
      await lastValueFrom(rpc.client.emit('secret', record), { defaultValue: undefined });
    }
    await vi.waitFor(() => expect(spans.named('process secret')).toHaveLength(3));
    const waits = spans
      .named('process secret')
      .map((span) => span.attributes['async.message.queue_wait_ms']);
    expect(waits[0]).toBeGreaterThanOrEqual(4990);
    expect(waits[0]).toBeLessThan(60_000);
    expect(waits[1]).toBeGreaterThanOrEqual(4990);
    expect(waits[2]).toBeUndefined();
    const told = JSON.stringify(
      spans.finished.map(({ attributes, events }) => [attributes, events]),
    );
    expect(told).not.toMatch(/top secret|password/);
  });
});
