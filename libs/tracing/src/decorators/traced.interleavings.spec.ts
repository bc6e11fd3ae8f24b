import { trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterAll(() => spans.stop());

type Step = 'microtask' | 'nextTick' | 'immediate' | 'child' | 'generator' | 'parallel';

const INTERLEAVINGS = 10_000;
const BATCH = 100;

class Requests {
  @Traced({ name: (request: string) => request })
  async handle(request: string, steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await this.take(request, step);
      expect(activeName()).toBe(request);
    }
  }

  @Traced({ name: (request: string) => `child of ${request}` })
  async child(request: string): Promise<void> {
    await Promise.resolve();
    expect(activeName()).toBe(`child of ${request}`);
  }

  @Traced({ name: (request: string) => `child of ${request}` })
  async *ticks(request: string): AsyncGenerator<number> {
    yield 1;
    expect(activeName()).toBe(`child of ${request}`);
  }

  async take(request: string, step: Step): Promise<void> {
    switch (step) {
      case 'microtask':
        return Promise.resolve();
      case 'nextTick':
        return new Promise((resolve) => process.nextTick(resolve));
      case 'immediate':
        return new Promise((resolve) => setImmediate(resolve));
      case 'child':
        return this.child(request);
      case 'generator':
        for await (const _ of this.ticks(request)) expect(activeName()).toBe(request);
        return;
      case 'parallel':
        await Promise.all([this.child(request), this.child(request)]);
    }
  }
}

function activeName(): string | undefined {
  return (trace.getActiveSpan() as { name?: string } | undefined)?.name;
}

/** Every child must hang under the span of its own request, in the same trace. */
function wrongParents(): number {
  const byId = new Map(spans.finished.map((span) => [span.spanContext().spanId, span]));
  return spans.finished.filter((span) => {
    if (!span.name.startsWith('child of ')) return span.parentSpanContext !== undefined;
    const parent = byId.get(span.parentSpanContext?.spanId ?? '');
    return span.name !== `child of ${parent?.name}`;
  }).length;
}

it(`T12 never mixes parents over ${INTERLEAVINGS} random interleavings of two requests`, async () => {
  const steps = fc.array(
    fc.constantFrom<Step>('microtask', 'nextTick', 'immediate', 'child', 'generator', 'parallel'),
    { minLength: 1, maxLength: 6 },
  );
  const requests = new Requests();
  const pairs = fc.array(fc.tuple(steps, steps), { minLength: BATCH, maxLength: BATCH });
  await fc.assert(
    fc.asyncProperty(pairs, async (batch) => {
      for (const [first, second] of batch) {
        await Promise.all([requests.handle('first', first), requests.handle('second', second)]);
      }
      expect(wrongParents()).toBe(0);
      spans.assertNoOpenSpans();
      spans.reset();
    }),
    { numRuns: INTERLEAVINGS / BATCH, endOnFailure: true },
  );
});
