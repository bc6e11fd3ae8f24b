import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROOT_CONTEXT, SpanKind, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';
import { TracingModule, TracingService } from './built.js';
import * as work from './fixtures/work.task.mjs';
import type { Offloading } from './offloading.js';
import { inRequest, startOffloading } from './offloading.js';

let app: Offloading;
afterEach(() => app?.close());

describe('the context of an offloaded task', () => {
  it('W1 the worker span is a child of the offload span, nested spans nest, one trace', async () => {
    app = await startOffloading();
    expect(await inRequest(() => app.tracing.offload(work.nested, 2))).toBe(2);
    expect(app.spans.tree({ attributes: ['count'] })).toBe(
      [
        'request',
        '  offload nested',
        '    task nested count=2',
        '      outer',
        '        inner 0',
        '        inner 1',
      ].join('\n'),
    );
    app.spans.assertNoOpenSpans();
    const outer = app.spans.one('outer');
    expect(outer.kind).toBe(SpanKind.CLIENT);
    expect(outer.instrumentationScope).toEqual({ name: 'work', version: '1.2.3' });
    expect(outer.events).toMatchObject([{ name: 'half', attributes: { at: 1 } }]);
    expect(outer.resource).toBe(app.spans.one('request').resource);
    expect(millisOf(outer)).toBeGreaterThan(0);
    expect(new Set(app.spans.finished.map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  it('W1 the worker spans are exported with the main resource, and booked like others', async () => {
    const collector = await OtlpCollector.start();
    const options = { serviceName: 'cats', endpoint: collector.url, offload: { maxThreads: 1 } };
    @Module({ imports: [TracingModule.forRoot(options)] })
    class App {}
    const context = await NestFactory.createApplicationContext(App, { logger: false });
    await context.get(TracingService).offload(work.nested, 1);
    await context.get(TracingService).flush();
    expect(context.get(TracingService).stats().spans).toMatchObject({
      started: 4,
      ended: 4,
      exported: 4,
      queued: 0,
    });
    await context.close();
    expect(collector.names.toSorted()).toEqual([
      'inner 0',
      'offload nested',
      'outer',
      'task nested',
    ]);
    const [offload] = collector.named('offload nested');
    expect(collector.childrenOf(offload!).map(({ name }) => name)).toEqual(['task nested']);
    expect(new Set(collector.resources.map((resource) => resource['service.name']))).toEqual(
      new Set(['cats']),
    );
    await collector.close();
  });

  it('W1 a processor of the application sees worker spans start and may set attributes', async () => {
    const sdk = {
      spanProcessors: [
        {
          onStart: (span: { setAttribute(key: string, value: string): unknown }) =>
            void span.setAttribute('region', 'eu'),
          onEnd: (span: ReadableSpan) => void seen.push([span.name, span.attributes['region']]),
          forceFlush: () => Promise.resolve(),
          shutdown: () => Promise.resolve(),
        },
      ],
    };
    const seen: unknown[] = [];
    @Module({
      imports: [TracingModule.forRoot({ exporter: 'none', sdk, offload: { maxThreads: 1 } })],
    })
    class App {}
    const context = await NestFactory.createApplicationContext(App, { logger: false });
    await context.get(TracingService).offload(work.spans, 1);
    await context.close();
    expect(seen).toEqual(['child', 'task spans', 'offload spans'].map((name) => [name, 'eu']));
  });

  it('W1 span limits hold in the worker and drop counts come home', async () => {
    app = await startOffloading(
      {},
      { spanLimits: { attributeValueLengthLimit: 10, attributeCountLimit: 5, eventCountLimit: 2 } },
    );
    await app.tracing.offload(work.limits, 8);
    const task = app.spans.one('task limits');
    expect(Object.keys(task.attributes)).toHaveLength(5);
    expect(task.attributes['key 0']).toBe('x'.repeat(10));
    expect(task.events.map(({ name }) => name)).toEqual(['event 6', 'event 7']);
    expect([task.droppedAttributesCount, task.droppedEventsCount]).toEqual([4, 6]);
  });

  it('W1 a task with more spans than a reply carries says how many were dropped', async () => {
    app = await startOffloading();
    await app.tracing.offload(work.spans, 1200);
    expect(app.spans.named('child')).toHaveLength(1000);
    expect(app.spans.one('offload spans').attributes['async.offload.dropped_spans']).toBe(201);
  });

  it('W2 baggage and trace ids are readable in the task, and a pino with traceMixin writes them', async () => {
    app = await startOffloading();
    const answer = await inRequest(() => app.tracing.offload(work.ids, undefined));
    expect(answer.baggage).toBe('blue');
    expect(answer.log).toMatchObject(fieldsOf(app.spans.one('task ids')));
    expect(answer.partLog).toMatchObject(fieldsOf(app.spans.one('part')));
    expect(answer.log.trace_id).toBe(app.spans.one('request').spanContext().traceId);
  });

  it('W3 the wait for a worker is measured', async () => {
    app = await startOffloading();
    await app.tracing.offload(work.nothing, undefined);
    await Promise.all([app.tracing.offload(work.busy, 60), app.tracing.offload(work.busy, 60)]);
    const [first, second] = app.spans.named('offload busy').map(({ attributes }) => attributes);
    expect(first).toMatchObject({ 'async.offload.task': 'busy' });
    expect(first!['async.offload.queue_wait_ms']).toBeLessThan(55);
    expect(second!['async.offload.queue_wait_ms']).toBeGreaterThan(55);
    expect(first!['async.offload.thread']).toBeGreaterThan(0);
  });

  it.each([
    ['a sampled', undefined, '01'],
    ['a sampled-out', new AlwaysOffSampler(), '00'],
  ] as const)(
    'W1 W15 %s parent is the same whether it crosses as numbers or, with baggage, as headers',
    async (_, sampler, flags) => {
      app = await startOffloading({}, {}, sampler && { sampler });
      const tenant = propagation.createBaggage({ tenant: { value: 'blue' } });
      const asNumbers = await seenBelow(ROOT_CONTEXT);
      const asHeaders = await seenBelow(propagation.setBaggage(ROOT_CONTEXT, tenant));
      expect([asNumbers.baggage, asHeaders.baggage]).toEqual([undefined, 'blue']);
      expect(asHeaders).toEqual({ ...asNumbers, baggage: 'blue' });
      expect(asNumbers).toMatchObject({ flags, sampled: flags === '01', isOfTrace: true });
    },
  );

  it('W15 a sampled-out caller records nothing and forwards nothing, the ids are still there', async () => {
    app = await startOffloading({}, {}, { sampler: new AlwaysOffSampler() });
    const { baggage, log, sampled } = await inRequest(() =>
      app.tracing.offload(work.ids, undefined),
    );
    expect([baggage, sampled]).toEqual(['blue', false]);
    expect(log.trace_id).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    expect(app.spans.finished).toEqual([]);
  });
});

/** What a task sees of a request that calls it, and what comes home of it, but for the ids. */
async function seenBelow(scope: Context) {
  return trace.getTracer('test').startActiveSpan('request', {}, scope, async (request) => {
    app.spans.reset();
    const { baggage, log, sampled } = await app.tracing.offload(work.ids, undefined);
    request.end();
    const { traceId } = request.spanContext();
    const spans = app.spans.finished.map((span) => [span.name, span.spanContext().traceFlags]);
    const tree = app.spans.finished.length === 0 ? '' : app.spans.tree();
    const isOfTrace = log.trace_id === traceId;
    return { baggage, sampled, flags: log.trace_flags, isOfTrace, spans, tree };
  });
}

/** What a log line of a sampled span says. */
function fieldsOf(span: ReadableSpan): object {
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId, trace_flags: '01' };
}

function millisOf({ duration: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1e3 + nanos / 1e6;
}
