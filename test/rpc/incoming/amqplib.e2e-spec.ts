import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Controller } from '@nestjs/common';
import { SpanKind, trace } from '@opentelemetry/api';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { eventually } from '../../support/eventually.js';
import { CapturedLogger } from '../../support/captured-logger.js';
import { describeWithService } from '../../support/services.js';
import { OnEvent } from './support/on-event.js';
import type { RpcApp } from './support/rpc-app.js';
import { startRpcApp } from './support/rpc-app.js';
import { rmq, uniqueRun } from './support/transports.js';

const handled: (string | undefined)[] = [];

@Controller()
class Orders {
  @OnEvent('created')
  created(): void {
    handled.push(trace.getActiveSpan()?.spanContext().spanId);
  }
}

describeWithService(rmq.service!, 'beside instrumentation-amqplib', () => {
  const spans = recordSpans();
  const instrumentation = new AmqplibInstrumentation();
  const logger = new CapturedLogger();
  const run = uniqueRun();
  let rpc: RpcApp;

  beforeAll(async () => {
    instrumentation.enable();
    instrumentation.setTracerProvider(trace.getTracerProvider());
    // Loaded now, by whoever asks for it first, and so with its wrappers.
    createRequire(import.meta.url)('amqplib');
    rpc = await startRpcApp(rmq, { controllers: [Orders], run, logger });
  });

  afterAll(async () => {
    await rpc.close();
    instrumentation.disable();
    await spans.stop();
  });

  const ofTheirs = (queue: string) =>
    spans.finished.filter(
      ({ kind, name, instrumentationScope }) =>
        kind === SpanKind.CONSUMER &&
        name.startsWith(queue) &&
        instrumentationScope.name === '@opentelemetry/instrumentation-amqplib',
    );

  it('M25 a message that comes in has one span, ours, and that is said once', async () => {
    for (const _ of [1, 2]) {
      await lastValueFrom(rpc.client.emit('created', {}), { defaultValue: undefined });
    }
    await eventually(() => expect(handled).toHaveLength(2));
    await eventually(() => expect(spans.named('process created')).toHaveLength(2));
    const consumers = spans.named('process created');
    expect(handled).toEqual(consumers.map((span) => span.spanContext().spanId));
    expect(ofTheirs(run)).toEqual([]);
    // It is theirs that has sent the message.
    for (const { links } of consumers) expect(links).toHaveLength(1);
    const said = logger.lines.filter((line) => line.includes('instrumentation of amqplib'));
    expect(said).toEqual([expect.stringContaining('microservices.incoming')]);
  });

  it('M25 its spans of what else consumes stay', async () => {
    const { connect } = createRequire(import.meta.url)('amqplib') as typeof import('amqplib');
    const connection = await connect('amqp://guest:guest@127.0.0.1:5672');
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue(randomUUID(), { exclusive: true });
    await channel.consume(queue, () => undefined, { noAck: true });
    channel.sendToQueue(queue, Buffer.from('bare'));
    await eventually(() => expect(ofTheirs(queue)).toHaveLength(1));
    await connection.close();
  });
});
