import { setImmediate as turn } from 'node:timers/promises';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { AlwaysOffSampler, AlwaysOnSampler, NoopSpanProcessor } from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { LeanTracerProvider } from '../../libs/tracing/src/tracer/lean-tracer-provider.js';
import { exposedCollector } from '../support/exposed-collector.js';
import { FaultCollector } from '../support/fault-collector.js';
import { TracingApp, figure } from '../support/tracing-app.js';

const collect = exposedCollector();

describe('a span that has ended', () => {
  let app: TracingApp | undefined;
  let collector: FaultCollector | undefined;

  afterEach(async () => {
    await app?.close();
    await collector?.close();
  });

  it.each(['worker', 'main'] as const)(
    'X2 is free before it is sent, by the %s thread',
    async (exportThread) => {
      collector = await FaultCollector.start();
      const batch = { scheduleDelayMillis: 600_000 };
      app = await TracingApp.start({ endpoint: collector.url, exportThread, batch });
      const ended = endedSpans(20);
      await turn();
      collect();
      const alive = ended.filter((span) => span.deref() !== undefined);
      expect(collector.received).toBe(0);
      expect(alive).toHaveLength(0);
      await app.tracing.flush();
      expect(collector.received).toBe(20);
    },
  );
});

/** Spans with all that a span can hold, and a reference to each that keeps none. */
function endedSpans(count: number): WeakRef<Span>[] {
  const tracer = trace.getTracer('test');
  return Array.from({ length: count }, (_, n) => {
    const span = tracer.startSpan('work', { attributes: { n } }, ROOT_CONTEXT);
    const child = trace.setSpan(ROOT_CONTEXT, span);
    span.addEvent('seen', { n }).recordException(new Error('failed'));
    span.addLink({ context: span.spanContext(), attributes: { child: child !== ROOT_CONTEXT } });
    span.end();
    return new WeakRef(span);
  });
}

describe('a span that does not record', () => {
  /** Its identity and itself, two objects; with all that is set it must be the same. */
  const BYTES = 160;

  it('X6 allocates its context, and nothing for what is set on it', () => {
    const bare = allocatedBy(new AlwaysOffSampler(), false);
    const full = allocatedBy(new AlwaysOffSampler(), true);
    const recording = allocatedBy(new AlwaysOnSampler(), true);
    figure(`X6 bytes a span: ${bare} bare, ${full} with all, ${recording} of one that records`);
    expect(bare).toBeLessThanOrEqual(BYTES);
    expect(full).toBeLessThanOrEqual(bare + 8);
    expect(recording).toBeGreaterThan(2 * full);
  });
});

/** Bytes of one span: the median of the later batches, in which nothing was collected. */
function allocatedBy(sampler: Sampler, isFull: boolean): number {
  const provider = new LeanTracerProvider({
    resource: emptyResource(),
    sampler,
    spanProcessors: [new NoopSpanProcessor()],
  });
  const tracer = provider.getTracer('test');
  const parent = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('parent', {}, ROOT_CONTEXT));
  const options = { attributes: { a: 1, b: 'b', c: true } };
  const error = new Error('failed');
  const batch = 1000;
  const taken: number[] = [];
  for (let round = 0; round < 300; round += 1) {
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < batch; n += 1) {
      const span = tracer.startSpan('work', options, parent);
      if (isFull) {
        span
          .setAttribute('d', 1)
          .setAttributes(options.attributes)
          .addEvent('e', options.attributes);
        span.setStatus(STATUS).updateName('other').recordException(error);
      }
      span.end();
    }
    const bytes = (process.memoryUsage().heapUsed - before) / batch;
    if (bytes >= 0) taken.push(bytes);
  }
  // The first rounds run in the interpreter.
  return Math.round(taken.slice(-100).toSorted((a, b) => a - b)[50] ?? Number.NaN);
}

const STATUS = { code: 2, message: 'failed' };
