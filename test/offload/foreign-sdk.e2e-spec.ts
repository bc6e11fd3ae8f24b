import { Test } from '@nestjs/testing';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CapturedLogger } from '../support/captured-logger.js';
import { TracingModule, TracingService } from './built.js';
import * as work from './fixtures/work.task.mjs';
import { rejection } from './offloading.js';

const exporter = new InMemorySpanExporter();
/** The SDK rounds each start to a millisecond. */
const ANCHOR = 1_000_000;
const logger = new CapturedLogger();
let app: Awaited<ReturnType<typeof start>>;

async function start() {
  const options = { offload: { maxThreads: 1 }, errors: () => 'expected' as const };
  const module = await Test.createTestingModule({ imports: [TracingModule.forRoot(options)] })
    .setLogger(logger)
    .compile();
  return module.init();
}

/** Offloads inside a span of the application, and answers every span that was exported. */
async function inRequest(fn: (tracing: InstanceType<typeof TracingService>) => Promise<unknown>) {
  await trace.getTracer('app').startActiveSpan('request', async (request) => {
    await fn(app.get(TracingService));
    request.end();
  });
  const spans = new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
  return (name: string): ReadableSpan => spans.get(name)!;
}

beforeEach(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  app = await start();
});

afterEach(async () => {
  await app.close();
  exporter.reset();
  logger.lines.length = 0;
  for (const api of [trace, context]) api.disable();
});

describe('an SDK that somebody else has started', () => {
  it('W1 gets the spans of tasks in their places, with ids of its own', async () => {
    const one = await inRequest((tracing) => tracing.offload(work.nested, 2));
    const chain = ['request', 'offload nested', 'task nested', 'outer', 'inner 1'].map(one);
    for (const [at, span] of chain.slice(1).entries()) {
      expect(span.parentSpanContext?.spanId).toBe(chain[at]!.spanContext().spanId);
      expect(span.spanContext().traceId).toBe(chain[0]!.spanContext().traceId);
    }
    const outer = one('outer');
    expect(outer.kind).toBe(SpanKind.CLIENT);
    expect(outer.instrumentationScope).toMatchObject({ name: 'work', version: '1.2.3' });
    expect(outer.events).toMatchObject([{ name: 'half', attributes: { at: 1 } }]);
    expect(one('task nested').attributes['count']).toBe(2);
    expect(timeOf(outer.startTime)).toBeLessThan(timeOf(one('inner 0').startTime) + ANCHOR);
    expect(timeOf(outer.endTime)).toBeLessThan(timeOf(one('task nested').endTime) + ANCHOR);
    expect(outer.duration[1]).toBeGreaterThan(0);
  });

  it("W2 the ids that a task's log lines carry are an attribute, and that is said once", async () => {
    let id: unknown;
    const one = await inRequest(async (tracing) => {
      await tracing.offload(work.echo, 1);
      id = (await tracing.offload(work.ids, undefined)).log.span_id;
    });
    expect(one('task ids').attributes['async.offload.span_id']).toBe(id);
    const warnings = logger.about.filter((line) => line.includes('get new span ids'));
    expect(warnings).toHaveLength(1);
  });

  it("W4 the module's own policy judges the task's span", async () => {
    const one = await inRequest((tracing) => rejection(tracing.offload(work.failing, 'custom')));
    expect(one('task failing').status.code).toBe(SpanStatusCode.UNSET);
    expect(one('task failing').events.map(({ name }) => name)).toEqual(['exception']);
  });
});

function timeOf([seconds, nanos]: ReadableSpan['startTime']): number {
  return seconds * 1e9 + nanos;
}
