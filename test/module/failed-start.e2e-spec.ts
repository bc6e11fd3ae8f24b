import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROOT_CONTEXT, context, createContextKey, propagation, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { CapturedLogger } from '../support/captured-logger.js';
import { OtlpCollector } from '../support/otlp-collector.js';

const FOLDERLESS = fileURLToPath(new URL('./fixtures/folderless.mjs', import.meta.url));

let collector: OtlpCollector;
beforeAll(async () => {
  collector = await OtlpCollector.start();
});
afterAll(() => collector.close());

async function start(
  options: TracingModuleOptions,
  logger = new CapturedLogger(),
): Promise<INestApplicationContext> {
  @Module({ imports: [TracingModule.forRoot(options)] })
  class App {}
  return NestFactory.createApplicationContext(App, { logger });
}

function fail(): never {
  throw new Error('this part is broken');
}

/** Parts that users pass, each of which fails at another moment of the start. */
const broken: Record<string, TracingModuleOptions['sdk']> = {
  'an instrumentation': { instrumentations: [{ setTracerProvider: fail } as never] },
  'a context manager': { contextManager: { enable: fail } as never },
  'a metric reader': { metricReaders: [{ setMetricProducer: fail } as never] },
  'a detector of resources': {
    resource: { merge: fail } as never,
  },
};

function hasContextManager(): boolean {
  const key = createContextKey('probe');
  const probe = ROOT_CONTEXT.setValue(key, true);
  return context.with(probe, () => context.active().getValue(key)) === true;
}

describe('a start that fails is rolled back, whole', () => {
  it.each(Object.entries(broken))('12.8 because of %s', async (_, sdk) => {
    const logger = new CapturedLogger();
    const app = await start({ endpoint: collector.url, sdk: sdk! }, logger);
    expect(logger.about.join()).toContain('Tracing is off: this part is broken');
    expect(trace.getTracer('test').startSpan('none').isRecording()).toBe(false);
    expect(hasContextManager()).toBe(false);
    expect(propagation.fields()).toEqual([]);
    app.get(TracingService).span('none', () => undefined);
    expect(app.get(TracingService).stats().spans.started).toBe(0);
    await app.close();
    const next = await start({ endpoint: collector.url });
    next.get(TracingService).span('afterwards', () => undefined);
    await next.close();
    expect(collector.names).toEqual(['afterwards']);
    collector.reset();
  });

  it('12.8 and a process whose folder was deleted is traced as any other', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      FOLDERLESS,
      collector.url,
    ]);
    // Node starts no thread without a folder: the main thread exports, and says so.
    expect(stdout + stderr).toMatch(/^.*The export runs on the main thread.*process\.cwd.*\n$/);
    expect(collector.named('work')).toHaveLength(200);
  });
});
