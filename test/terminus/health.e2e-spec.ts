import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { TracingHealthIndicator } from 'nestjs-tracing/terminus';
import type { TracingHealth, TracingHealthOptions } from 'nestjs-tracing/terminus';
import { recordSpans } from 'nestjs-tracing/testing';
import type { Platform } from '../http/support/http-app.js';
import { PLATFORMS, newAdapter } from '../http/support/http-app.js';
import { FaultCollector } from '../support/fault-collector.js';
import { figure } from '../support/tracing-app.js';

type Health = TracingHealth & { readonly status: string };

let app: INestApplication;
let collector: FaultCollector;
let checked: TracingHealthOptions = {};

async function start(tracing: TracingModuleOptions, platform: Platform = 'express'): Promise<void> {
  @Controller('health')
  class HealthController {
    constructor(
      @Inject(HealthCheckService) readonly health: HealthCheckService,
      @Inject(TracingHealthIndicator) readonly tracing: TracingHealthIndicator,
    ) {}

    @Get()
    @HealthCheck()
    check() {
      return this.health.check([() => this.tracing.check('tracing', checked)]);
    }
  }

  @Module({
    imports: [
      TerminusModule.forRoot({ logger: false }),
      TracingModule.forRoot({ http: false, ...tracing }),
    ],
    controllers: [HealthController],
    providers: [TracingHealthIndicator],
  })
  class App {}
  app = await NestFactory.create(App, newAdapter(platform), { logger: false });
  await app.listen(0, '127.0.0.1');
}

async function health(): Promise<{ code: number; tracing: Health }> {
  const response = await fetch(`${await app.getUrl()}/health`);
  const { details } = (await response.json()) as { details: { tracing: Health } };
  return { code: response.status, tracing: details.tracing };
}

function end(count: number, name = 'span'): void {
  const tracing = app.get(TracingService);
  for (let span = 0; span < count; span += 1) tracing.span(name, () => undefined);
}

/** Asks until the answer has this status, which must not take long. */
async function healthOnce(code: number): Promise<Health> {
  const start = performance.now();
  for (;;) {
    const now = await health();
    if (now.code === code || performance.now() - start > 10_000) {
      expect(now.code).toBe(code);
      return now.tracing;
    }
    await sleep(50);
  }
}

afterEach(async () => {
  checked = {};
  await app.close();
  await collector?.close();
});

describe.each(PLATFORMS)('the health of the export, on %s', (platform) => {
  it('is up, down while the collector is away for too long, and up again when it is back', async () => {
    collector = await FaultCollector.start();
    const headers = { authorization: 'Bearer s3cr3t-t0k3n' };
    const batch = { scheduleDelayMillis: 50 };
    await start({ endpoint: collector.url, headers, batch, shutdownTimeoutMillis: 1000 }, platform);
    checked = { maxAwayMillis: 300 };
    end(10);
    await app.get(TracingService).flush();
    const before = await healthOnce(200);
    expect(before).toMatchObject({ status: 'up', sdk: 'own', exported: 10, queued: 0 });
    expect(before).toMatchObject({ dropped: {}, awayMillis: 0, lagMillis: 0 });
    expect(before).not.toHaveProperty('lastError');

    await collector.close();
    end(5);
    const away = await healthOnce(503);
    figure(`health while the collector is away: ${JSON.stringify(away)}`);
    expect(away).toMatchObject({ status: 'down', queued: 5, exported: 10 });
    expect(away.reasons).toEqual([expect.stringMatching(/the collector has been away for \d+ ms/)]);
    expect(away.awayMillis).toBeGreaterThan(300);
    expect(away.lagMillis).toBeGreaterThanOrEqual(300);
    expect(away.lastError?.message).toMatch(/ECONNREFUSED|UNAVAILABLE/);
    expect(JSON.stringify(away)).not.toContain('s3cr3t');

    await collector.listen();
    const after = await healthOnce(200);
    expect(after).toMatchObject({ status: 'up', exported: 15, queued: 0, awayMillis: 0 });
    expect(collector.received).toBe(15);
  });
});

it('is down when spans were lost of late, each by its reason, and up when that is over', async () => {
  collector = await FaultCollector.start();
  collector.answer = () => ({ code: 3, message: 'no' });
  await start({ endpoint: collector.url, reportDrops: false });
  checked = { windowMillis: 400, maxDropped: 4 };
  end(4);
  await app.get(TracingService).flush();
  const few = (await health()).tracing;
  expect(few).toMatchObject({ status: 'up', droppedOfLate: 4, dropped: { non_retryable: 4 } });
  end(1);
  await app.get(TracingService).flush();
  const { code, tracing } = await health();
  expect(code).toBe(503);
  expect(tracing.reasons).toEqual(['5 spans were lost within 400 ms']);
  expect(tracing.lastError?.message).toMatch(/the collector refused them/);
  await sleep(500);
  const later = (await health()).tracing;
  expect(later).toMatchObject({ status: 'up', droppedOfLate: 0, dropped: { non_retryable: 5 } });
});

it('is down while the queue is too full', async () => {
  collector = await FaultCollector.start();
  collector.answer = () => ({ hangs: true });
  const batch = { maxQueueSize: 100 };
  await start({ endpoint: collector.url, batch, shutdownTimeoutMillis: 100 });
  checked = { maxQueueFullness: 0.5 };
  end(50);
  expect((await health()).tracing).toMatchObject({ status: 'up', queueFullness: 0.5 });
  end(10);
  const { code, tracing } = await health();
  expect(code).toBe(503);
  expect(tracing.reasons).toEqual(['the queue is full to 60 %']);
});

it('is only degraded, at HTTP 200, where that is asked for', async () => {
  collector = await FaultCollector.start();
  collector.answer = () => ({ code: 3 });
  await start({ endpoint: collector.url });
  checked = { whenFailing: 'degraded' };
  end(1);
  await app.get(TracingService).flush();
  const { code, tracing } = await health();
  expect(code).toBe(200);
  expect(tracing).toMatchObject({ status: 'degraded', droppedOfLate: 1 });
});

it('knows an exporter of your own too, and says of an adopted SDK that it knows nothing', async () => {
  const failing: SpanExporter = new (class extends InMemorySpanExporter {
    override export: SpanExporter['export'] = (_, done) =>
      done({ code: 1, error: new Error('off') });
  })();
  collector = await FaultCollector.start();
  await start({ exporter: failing });
  checked = { maxAwayMillis: 0, maxDropped: 10 };
  end(1);
  await app.get(TracingService).flush();
  await sleep(5);
  const { code, tracing } = await health();
  expect(code).toBe(503);
  expect(tracing).toMatchObject({ dropped: { export_failed: 1 } });
  expect(tracing.lastError?.message).toBe('the export failed (off)');
  await app.close();

  const spans = recordSpans();
  await start({});
  expect((await health()).tracing).toMatchObject({ status: 'up', sdk: 'adopted', exported: 0 });
  await spans.stop();
});

it.each([
  [{ maxAwayMillis: -1 }, 'maxAwayMillis: write a number of milliseconds, 0 or more'],
  [{ maxQueueFullness: 90 }, 'maxQueueFullness: write a number from 0 to 1'],
  [{ whenFailing: 'up' }, 'whenFailing: write "down" or "degraded"'],
  [{ maxDrops: 1 }, /^maxDrops: there is no such option; known are maxAwayMillis/],
])('E11 refuses %j by its name', async (options, message) => {
  collector = await FaultCollector.start();
  await start({ exporter: 'none' });
  const indicator = app.get(TracingHealthIndicator);
  expect(() => indicator.check('tracing', options as TracingHealthOptions)).toThrow(message);
});
