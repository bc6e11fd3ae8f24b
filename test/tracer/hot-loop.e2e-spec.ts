import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { AlwaysOnSampler, NoopSpanProcessor, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { LeanTracerProvider } from '../../libs/tracing/src/tracer/lean-tracer-provider.js';
import { figure } from '../support/tracing-app.js';

const SPANS = process.env['SOAK'] ? 5_000_000 : 400_000;

/** Looks at each span as it ends, and keeps its id and nothing else. */
class Watcher extends NoopSpanProcessor {
  readonly ids = new BigUint64Array(SPANS);
  count = 0;
  backwards = 0;
  #last: readonly [number, number] = [0, 0];

  override onEnd(span: ReadableSpan): void {
    if (isBefore(span.startTime, this.#last) || isBefore(span.endTime, span.startTime)) {
      this.backwards += 1;
    }
    this.#last = span.endTime;
    this.ids[this.count] = BigInt(`0x${span.spanContext().spanId}`);
    this.count += 1;
  }
}

function isBefore(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

function repeated(ids: BigUint64Array): number {
  const sorted = ids.sort();
  let count = 0;
  for (let at = 1; at < sorted.length; at += 1) if (sorted[at] === sorted[at - 1]) count += 1;
  return count;
}

describe('a hot loop of spans', () => {
  it('X4 X5 has times that only go forward, and no id twice', () => {
    const watcher = new Watcher();
    const provider = new LeanTracerProvider({
      resource: emptyResource(),
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanProcessors: [watcher],
    });
    const tracer = provider.getTracer('loop');
    const ctx = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('root'));
    for (let n = 0; n < SPANS; n += 1) {
      tracer.startSpan('work', { attributes: { n } }, ctx).end();
    }
    const heapMegabytes = process.memoryUsage().heapUsed / 2 ** 20;
    figure(`X5 ${SPANS} spans, ${watcher.backwards} backwards, heap ${heapMegabytes.toFixed()} MB`);
    expect(watcher.count).toBe(SPANS);
    expect(watcher.backwards).toBe(0);
    expect(repeated(watcher.ids)).toBe(0);
  }, 120_000);

  it('X4 a child begins no sooner and ends no later than a parent that waits for it', async () => {
    const spans: ReadableSpan[] = [];
    class Keeper extends NoopSpanProcessor {
      override onEnd(span: ReadableSpan): void {
        spans.push(span);
      }
    }
    const provider = new LeanTracerProvider({
      resource: emptyResource(),
      sampler: new AlwaysOnSampler(),
      spanProcessors: [new Keeper()],
    });
    const tracer = provider.getTracer('nested');
    for (let n = 0; n < 2_000; n += 1) {
      const parent = tracer.startSpan('parent', {}, ROOT_CONTEXT);
      const child = tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, parent));
      if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      child.end();
      parent.end();
    }
    for (let at = 0; at < spans.length; at += 2) {
      const [child, parent] = [spans[at], spans[at + 1]] as [ReadableSpan, ReadableSpan];
      expect(isBefore(child.startTime, parent.startTime)).toBe(false);
      expect(isBefore(parent.endTime, child.endTime)).toBe(false);
    }
  });
});
