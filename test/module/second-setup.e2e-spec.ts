import { Module } from '@nestjs/common';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { recordSpans, resetTracing } from 'nestjs-tracing/testing';
import { CapturedLogger } from '../support/captured-logger.js';
import { figure } from '../support/tracing-app.js';

const opened: INestApplicationContext[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function start(App: Type): Promise<{ app: INestApplicationContext; warnings: string[] }> {
  const logger = new CapturedLogger();
  const app = await NestFactory.createApplicationContext(App, { logger });
  opened.push(app);
  return { app, warnings: logger.lines.filter((line) => line.startsWith('warn')) };
}

/** An exporter that keeps what it has when it is shut down. */
class KeepingExporter extends InMemorySpanExporter {
  override async shutdown(): Promise<void> {}
}

function firstSetup(options: TracingModuleOptions): Type {
  @Module({ imports: [TracingModule.forRoot(options)] })
  class First {}
  return First;
}

function secondSetup(imports: Type[] = []): Type {
  @Module({ imports: [...imports, TracingModule.forRootAsync({ useFactory: () => ({}) })] })
  class Second {}
  return Second;
}

const placesIn = (text: string): string[] => text.match(/\w+Setup \(\S*second-setup\S*:\d+/g) ?? [];

describe('a second forRoot', () => {
  it('R18 in another application is one warning with both places, and both are traced', async () => {
    const exporter = new KeepingExporter();
    const first = await start(firstSetup({ exporter }));
    const second = await start(secondSetup());
    figure(`R18 ${second.warnings.length} warning: ${second.warnings.join()}`);
    expect(first.warnings).toEqual([]);
    expect(second.warnings).toEqual([expect.stringContaining('set up twice')]);
    const [before, after] = placesIn(second.warnings.join());
    expect(before).toContain('firstSetup');
    expect(after).toContain('secondSetup');
    for (const { app } of [first, second]) {
      app.get(TracingService).span('work', () => undefined);
      await app.get(TracingService).flush();
    }
    expect(exporter.getFinishedSpans()).toHaveLength(2);
  });

  it('R18 in the same application is one warning too', async () => {
    const { app, warnings } = await start(secondSetup([firstSetup({ exporter: 'none' })]));
    expect(warnings).toEqual([expect.stringContaining('set up twice')]);
    expect(placesIn(warnings.join())).toHaveLength(2);
    expect(app.get(TracingService).span('work', () => 'runs')).toBe('runs');
  });

  it('R18 after the first has been closed is none', async () => {
    for (const App of [firstSetup({ exporter: 'none' }), secondSetup()]) {
      const { app, warnings } = await start(App);
      expect(warnings).toEqual([]);
      await app.close();
    }
  });
});

describe('a second provider', () => {
  /** Registers another SDK as an application would that does not know of the module. */
  const registerLate = async (exporter: InMemorySpanExporter): Promise<NodeSDK> => {
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    const sdk = new NodeSDK({ spanProcessors, metricReaders: [], logRecordProcessors: [] });
    sdk.start();
    return sdk;
  };

  it('R18 that comes too late is one warning with both places, and the first one stays', async () => {
    const logger = new CapturedLogger();
    const [own, late] = [new KeepingExporter(), new KeepingExporter()];
    const app = await NestFactory.createApplicationContext(firstSetup({ exporter: own }), {
      logger,
    });
    opened.push(app);
    const sdk = await registerLate(late);
    const warnings = logger.lines.filter((line) => line.startsWith('warn'));
    figure(`R18 ${warnings.length} warning: ${warnings.join()}`);
    expect(warnings).toEqual([expect.stringMatching(/second tracer provider .* has no effect/)]);
    expect(warnings.join()).toMatch(/firstSetup \(.*registerLate \(/);
    app.get(TracingService).span('work', () => undefined);
    await app.get(TracingService).flush();
    expect([own, late].map((exporter) => exporter.getFinishedSpans().length)).toEqual([1, 0]);
    await sdk.shutdown();
  });

  it('R18 leaves the API as it was when the application has closed', async () => {
    const register = trace.setGlobalTracerProvider;
    const { app } = await start(firstSetup({ exporter: 'none' }));
    expect(trace.setGlobalTracerProvider(new TracerProvider())).toBe(false);
    await app.close();
    expect(trace.setGlobalTracerProvider).toBe(register);
    expect(trace.setGlobalTracerProvider(new TracerProvider())).toBe(true);
    trace.disable();
  });

  it('R18 that was first is named, and a warning only if options of the module are lost', async () => {
    const cases: [TracingModuleOptions, string][] = [
      [{ cancelled: 'unset' }, 'log'],
      [{ serviceName: 'lost' }, 'warn'],
    ];
    for (const [options, level] of cases) {
      trace.setGlobalTracerProvider(new TracerProvider());
      const spans = new CapturedLogger();
      const app = await NestFactory.createApplicationContext(firstSetup(options), {
        logger: spans,
      });
      const line = spans.lines.find((text) => text.includes('already registered')) ?? '';
      expect(line).toMatch(new RegExp(`^${level}: .*\\(TracerProvider\\).*firstSetup`));
      await app.close();
      trace.disable();
    }
  });
});

it('R18 a test can start anew after an application that nobody has closed', async () => {
  await NestFactory.createApplicationContext(firstSetup({ exporter: 'none' }), { logger: false });
  expect(() => recordSpans()).toThrow(/registered already/);
  await resetTracing();
  const { warnings } = await start(secondSetup());
  expect(warnings).toEqual([]);
  await resetTracing();
  const spans = recordSpans();
  trace.getTracer('test').startSpan('work').end();
  expect(spans.tree()).toBe('work');
  await spans.stop();
});
