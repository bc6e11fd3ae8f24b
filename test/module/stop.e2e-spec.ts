import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import type { INestApplication, OnModuleInit, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ExportResultCode } from '@opentelemetry/core';
import { BatchSpanProcessor, InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Traced, TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { CapturedLogger } from '../support/captured-logger.js';
import { OtlpCollector } from '../support/otlp-collector.js';

let collector: OtlpCollector;
beforeAll(async () => {
  collector = await OtlpCollector.start();
});
/** Closed after each test, also after one that failed: an SDK left registered fails all that follow. */
const started: INestApplication[] = [];
afterEach(async () => {
  for (const app of started.splice(0)) await app.close();
  collector.reset();
});
afterAll(() => collector.close());

@Controller()
class Slow {
  static arrived = 0;

  @Get()
  @Traced('slow')
  async get(): Promise<string> {
    Slow.arrived++;
    await sleep(200);
    return 'done';
  }
}

const adapters = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

async function start(
  options: TracingModuleOptions,
  adapter: keyof typeof adapters = 'Express',
  providers: Type[] = [],
  logger = new CapturedLogger(),
): Promise<INestApplication> {
  @Module({ imports: [TracingModule.forRoot(options)], controllers: [Slow], providers })
  class App {}
  const app = await NestFactory.create(App, adapters[adapter](), { logger });
  started.push(app);
  return app;
}

describe.each(['Express', 'Fastify'] as const)('app.close() on %s', (adapter) => {
  it('exports the spans of the requests that were under way', async () => {
    const app = await start({ endpoint: collector.url }, adapter);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    Slow.arrived = 0;
    const requests = Array.from({ length: 10 }, () =>
      fetch(url, { headers: { connection: 'close' } }),
    );
    await vi.waitFor(() => expect(Slow.arrived).toBe(10), 5000);
    await app.close();
    expect((await Promise.all(requests)).map((response) => response.status)).toEqual(
      Array(10).fill(200),
    );
    expect(collector.named('slow')).toHaveLength(10);
  });
});

/** Accepts connections and never answers. */
function blackHole(): Promise<Server> {
  const server = createServer(() => undefined);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

@Injectable()
class Ticker implements OnModuleInit {
  timer: NodeJS.Timeout | undefined;

  @Traced()
  onModuleInit(): void {
    this.startPolling();
  }

  @Traced()
  startPolling(): void {
    this.timer = setInterval(() => this.tick(), 5);
  }

  @Traced()
  tick(): void {}
}

describe('stopping', () => {
  it('ends inside its deadline when the collector never answers, and says what it could not do', async () => {
    const server = await blackHole();
    const { port } = server.address() as { port: number };
    const logger = new CapturedLogger();
    const options = { endpoint: `http://127.0.0.1:${port}`, shutdownTimeoutMillis: 300 };
    const app = await start(options, 'Express', [], logger);
    await app.init();
    app.get(TracingService).span('lost', () => undefined);
    const before = performance.now();
    await app.close();
    expect(performance.now() - before).toBeLessThan(2000);
    expect(logger.about.join()).toMatch(
      /warn: Could not stop tracing completely: it took longer than [23]\d\d ms/,
    );
    server.close();
  });

  it('happens once, however often it is asked for', async () => {
    let shutdowns = 0;
    const exporter: SpanExporter = {
      export: (_, done) => done({ code: ExportResultCode.SUCCESS }),
      shutdown: async () => void (shutdowns += 1),
    };
    const app = await start({ exporter });
    await app.init();
    await Promise.all([app.close(), app.close()]);
    expect(shutdowns).toBe(1);
  });
});

describe('TracingService', () => {
  it('flushes on demand and never rejects', async () => {
    const app = await start({ endpoint: collector.url });
    await app.init();
    const tracing = app.get(TracingService);
    tracing.span('flushed', () => undefined);
    await tracing.flush();
    expect(collector.names).toEqual(['flushed']);
    await app.close();
    await tracing.flush();
  });

  it('counts what became of every span', async () => {
    const logger = new CapturedLogger();
    let fails = false;
    const exporter: SpanExporter = {
      export: (_, done) =>
        done(
          fails
            ? { code: ExportResultCode.FAILED, error: new Error('refused') }
            : { code: ExportResultCode.SUCCESS },
        ),
      shutdown: () => Promise.resolve(),
    };
    const batch = { maxQueueSize: 4, maxExportBatchSize: 4, scheduleDelayMillis: 60_000 };
    const app = await start({ exporter, batch }, 'Express', [], logger);
    await app.init();
    const tracing = app.get(TracingService);
    const end = (count: number): void => {
      for (let span = 0; span < count; span++) tracing.span('counted', () => undefined);
    };
    end(3);
    expect(tracing.stats().spans).toMatchObject({ started: 3, ended: 3, queued: 3, exported: 0 });
    await tracing.flush();
    fails = true;
    end(2);
    await tracing.flush();
    fails = false;
    expect(tracing.stats().spans).toEqual({
      started: 5,
      ended: 5,
      exported: 3,
      queued: 0,
      collapsed: 0,
      rejected: 0,
      unsampled: 0,
      dropped: {
        queue_full: 0,
        too_large: 0,
        non_retryable: 0,
        deadline: 0,
        shutdown: 0,
        thread_crashed: 0,
        export_failed: 2,
        budget: 0,
      },
    });
    expect(logger.about.join()).toContain('2 spans lost: the export failed (refused)');
    expect(Object.isFrozen(tracing.stats().spans)).toBe(true);
    await app.close();
  });

  it("flushes the application's own processors as well", async () => {
    const own = new InMemorySpanExporter();
    const spanProcessors = [new BatchSpanProcessor({ exporter: own })];
    const app = await start({ exporter: 'none', sdk: { spanProcessors } });
    await app.init();
    const tracing = app.get(TracingService);
    tracing.span('seen', () => undefined);
    expect(own.getFinishedSpans()).toEqual([]);
    await tracing.flush();
    expect(own.getFinishedSpans().map(({ name }) => name)).toContain('seen');
    await app.close();
  });

  it('counts and reports the spans that a full queue cannot take', async () => {
    const logger = new CapturedLogger();
    const waiting: (() => void)[] = [];
    const exporter: SpanExporter = {
      export: (_, done) => void waiting.push(() => done({ code: ExportResultCode.SUCCESS })),
      shutdown: () => Promise.resolve(),
    };
    const batch = { maxQueueSize: 2, maxExportBatchSize: 2 };
    const app = await start({ exporter, batch }, 'Express', [], logger);
    await app.init();
    const tracing = app.get(TracingService);
    for (let span = 0; span < 5; span++) tracing.span('counted', () => undefined);
    expect(tracing.stats().spans).toMatchObject({ queued: 2, dropped: { queue_full: 3 } });
    expect(logger.about.join()).toContain('1 span lost: the queue is full (batch.maxQueueSize 2)');
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    for (const done of waiting) done();
    await vi.waitFor(() => expect(tracing.stats().spans).toMatchObject({ queued: 0, exported: 2 }));
    await app.close();
  });
});

describe('what is made while Nest starts', () => {
  it('C3 never has a start-up span for its parent: timers of onModuleInit, inside a span of the application', async () => {
    const spans = recordSpans();
    const tracer = (await import('@opentelemetry/api')).trace.getTracer('main');
    const app = await tracer.startActiveSpan('main', async (main) => {
      const started = await start({}, 'Express', [Ticker]);
      await started.init();
      main.end();
      return started;
    });
    spans.reset();
    await sleep(30);
    clearInterval(app.get(Ticker).timer);
    const ticks = spans.named('Ticker.tick');
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.filter((tick) => tick.parentSpanContext !== undefined)).toEqual([]);
    expect(new Set(ticks.map((tick) => tick.spanContext().traceId)).size).toBe(ticks.length);
    await app.close();
    await spans.stop();
  });

  it('C3 is part of the start-up while that lasts', async () => {
    const spans = recordSpans();
    const app = await start({}, 'Express', [Ticker]);
    await app.init();
    clearInterval(app.get(Ticker).timer);
    expect(spans.tree()).toContain('Ticker.onModuleInit\n  Ticker.startPolling');
    await app.close();
    await spans.stop();
  });
});

describe('shutdown hooks', () => {
  it('are asked for when a server listens without them, once', async () => {
    const logger = new CapturedLogger();
    const listeners = process.listeners('SIGTERM');
    process.removeAllListeners('SIGTERM');
    const app = await start({ exporter: 'none' }, 'Express', [], logger);
    await app.listen(0, '127.0.0.1');
    await sleep(1200);
    expect(logger.about.filter((line) => line.includes('enableShutdownHooks'))).toHaveLength(1);
    await app.close();
    for (const listener of listeners) process.on('SIGTERM', listener);
  });
});
