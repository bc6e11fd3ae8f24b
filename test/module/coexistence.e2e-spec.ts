import { createRequire } from 'node:module';
import { Injectable, Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { context, diag, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced, TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { CapturedLogger } from '../support/captured-logger.js';
import { setEnvironment } from '../support/environment.js';

@Injectable()
class Cats {
  @Traced()
  feed(): void {}

  @Traced()
  scold(): never {
    throw new Error('no');
  }
}

let logger = new CapturedLogger();
const opened: INestApplicationContext[] = [];

async function start(options?: TracingModuleOptions): Promise<INestApplicationContext> {
  @Module({ imports: [TracingModule.forRoot(options)], providers: [Cats] })
  class App {}
  logger = new CapturedLogger();
  const app = await NestFactory.createApplicationContext(App, { logger });
  opened.push(app);
  return app;
}

function names(exporter: InMemorySpanExporter): string[] {
  return exporter.getFinishedSpans().map((span) => span.name);
}

/** Keeps its spans when it is shut down, so that a test can look at them afterwards. */
class KeepingExporter extends InMemorySpanExporter {
  override async shutdown(): Promise<void> {}
}

afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
  for (const api of [trace, context, propagation, diag]) api.disable();
});

describe('an SDK that is registered already', () => {
  it('S2 is used, flushed and left running', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    });
    trace.setGlobalTracerProvider(provider);
    const app = await start({ serviceName: 'ignored', errors: () => 'error' });
    app.get(Cats).feed();
    await app.get(TracingService).flush();
    expect(names(exporter)).toEqual(['Cats.feed']);
    expect(logger.about.join()).toMatch(
      /already registered.*used as it is.*\. These options have no effect: serviceName\./,
    );
    await app.close();
    new Cats().feed();
    expect(names(exporter)).toEqual(['Cats.feed', 'Cats.feed']);
  });

  it('S2 may be that of a test', async () => {
    const spans = recordSpans();
    (await start({ endpoint: 'http://127.0.0.1:1' })).get(Cats).feed();
    expect(spans.tree()).toBe('Cats.feed');
    await spans.stop();
  });
});

describe('several applications in one process', () => {
  it('S3 share one SDK, which runs until the last of them closes', async () => {
    const exporter = new KeepingExporter();
    const first = await start({ exporter });
    const second = await start();
    expect(logger.about.join()).toContain('TracingModule is set up twice in this process');
    first.get(Cats).feed();
    await first.close();
    expect(names(exporter)).toEqual(['Cats.feed']);
    second.get(Cats).feed();
    await second.close();
    expect(names(exporter)).toEqual(['Cats.feed', 'Cats.feed']);
    new Cats().feed();
    expect(names(exporter)).toHaveLength(2);
  });

  it('S3 may follow each other, each with its own exporter and policy', async () => {
    for (const policy of ['error', 'expected'] as const) {
      const exporter = new KeepingExporter();
      const app = await start({ exporter, errors: () => policy });
      app.get(Cats).feed();
      await app.close();
      await app.close();
      expect(names(exporter)).toEqual(['Cats.feed']);
    }
    const spans = recordSpans();
    expect(() => new Cats().scold()).toThrow('no');
    expect(spans.tree()).toBe('Cats.scold status=ERROR');
    await spans.stop();
  });
});

describe('the start says', () => {
  it('S4 that the SDK is disabled, and the application runs', async () => {
    const restore = setEnvironment({ OTEL_SDK_DISABLED: 'true' });
    const app = await start();
    restore();
    app.get(Cats).feed();
    expect(logger.about).toEqual([
      'log: Tracing is off: OTEL_SDK_DISABLED is set. Unset it to trace.',
    ]);
    expect(app.get(TracingService).stats().spans.started).toBe(0);
  });

  it('S4 that there is no context manager, with the cure', async () => {
    trace.setGlobalTracerProvider(new TracerProvider());
    await start();
    expect(logger.about.join()).toMatch(
      /warn: Spans will have no parents.*setGlobalContextManager/,
    );
  });

  it('S4 that another version of the API holds the globals, with the cure', async () => {
    const fromMock = createRequire(
      createRequire(import.meta.url).resolve('@elastic/mockotlpserver'),
    );
    const other = fromMock('@opentelemetry/api') as { propagation: typeof propagation };
    const globals = globalThis as Record<symbol, unknown>;
    const key = Symbol.for('opentelemetry.js.api.1');
    const before = globals[key];
    delete globals[key];
    try {
      other.propagation.setGlobalPropagator({
        inject() {},
        extract: (ctx) => ctx,
        fields: () => [],
      });
      const app = await start({ exporter: 'none' });
      expect(logger.about.join()).toMatch(/No spans will be recorded.*1\.9\.1.*npm dedupe/);
      app.get(Cats).feed();
    } finally {
      globals[key] = before;
    }
  });

  it('S4 nothing when all is well', async () => {
    await start({ exporter: 'none' });
    expect(logger.about).toEqual([]);
  });
});
