import { Controller, Logger } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { metrics } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { describeWithService } from '../../support/services.js';
import { caller } from './support/callers.js';
import type { RpcApp } from './support/rpc-app.js';
import { startRpcApp } from './support/rpc-app.js';
import type { TransportUnderTest } from './support/transports.js';
import { rmq, tcp, uniqueRun } from './support/transports.js';

const spans = recordSpans();
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });

@Controller()
class Sums {
  @MessagePattern('sum')
  sum(): number {
    return 3;
  }
}

beforeAll(() => {
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
});

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => spans.reset());

afterAll(async () => {
  metrics.disable();
  await reader.shutdown();
  await spans.stop();
});

describe('M15 over TCP', () => battery(tcp));
describeWithService(rmq.service!, 'M15 over RabbitMQ', () => battery(rmq));

/** How often an event was counted that nobody handles, by the transport. */
async function counted(transport: string): Promise<unknown> {
  await reader.forceFlush();
  const found = exporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .find(({ descriptor }) => descriptor.name === 'nestjs.messages.unhandled')
    ?.dataPoints.find(({ attributes }) => attributes['nestjs.transport'] === transport);
  return found?.value;
}

function battery(transport: TransportUnderTest): void {
  let rpc: RpcApp;

  beforeAll(async () => {
    rpc = await startRpcApp(transport, { controllers: [Sums], run: uniqueRun() });
  });

  afterAll(() => rpc.close());

  it('a request without a handler has a span that names what was asked for', async () => {
    const from = caller();
    const asked = { cmd: 'x'.repeat(1000) };
    const reply = firstValueFrom(rpc.client.send(asked, transport.carry(1, from) as object));
    await expect(reply).rejects.toMatch(/no matching message handler/);
    await vi.waitFor(() => expect(spans.named('nestjs')).toHaveLength(1));
    const span = spans.one('nestjs');
    expect(span).toMatchObject({ kind: SpanKind.SERVER, status: { code: SpanStatusCode.ERROR } });
    expect(span.parentSpanContext?.spanId).toBe(from.spanId);
    expect(span.attributes).toMatchObject({
      'rpc.method': '_OTHER',
      'rpc.method_original': JSON.stringify(asked).slice(0, 256),
      'error.type': 'no_handler',
    });
  });

  it('an event without a handler is counted, and has no span', async () => {
    for (const name of ['one', 'two']) {
      await lastValueFrom(rpc.client.emit(name, {}), { defaultValue: undefined });
    }
    expect(await firstValueFrom(rpc.client.send('sum', {}))).toBe(3);
    await vi.waitFor(() => expect(spans.finished.map(({ name }) => name)).toEqual(['sum']));
    expect(await counted(transport.name)).toBe(2);
  });
}
