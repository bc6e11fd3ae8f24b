import { Injectable, NotFoundException } from '@nestjs/common';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { Traced } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { from, lastValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exposedCollector } from '../support/exposed-collector.js';
import type { AutomaticApp } from './support/automatic-app.js';
import { startAutomatic } from './support/automatic-app.js';

@Injectable()
class Prices {
  of(key: string): number {
    return key.length;
  }

  async later(key: string): Promise<number> {
    await Promise.resolve();
    return key.length;
  }

  outer(key: string): number {
    return this.inner(key);
  }

  @Traced('inner')
  inner(key: string): number {
    return key.length;
  }

  fails(error: unknown): never {
    throw error;
  }

  async failsLater(error: unknown): Promise<never> {
    await Promise.resolve();
    throw error;
  }

  whereAmI(): string | undefined {
    return trace.getActiveSpan()?.spanContext().spanId;
  }

  stream() {
    return from([1, 2, 3]);
  }

  *numbers(): Generator<number> {
    yield 1;
  }

  async *pages(): AsyncGenerator<number> {
    await Promise.resolve();
    yield 1;
  }

  thenable(): PromiseLike<number> {
    const then: PromiseLike<number>['then'] = (done) => Promise.resolve(7).then(done);
    return { then };
  }

  async after(gate: Promise<void>): Promise<void> {
    await gate;
  }
}

describe('automatic calls that repeat', () => {
  const spans = recordSpans();
  let running: AutomaticApp;
  let prices: Prices;

  beforeAll(async () => {
    running = await startAutomatic({ providers: [Prices] });
    prices = running.app.get(Prices);
  });
  afterEach(() => spans.reset());
  afterAll(async () => {
    await running.close();
    await spans.stop();
  });

  const times = <T>(count: number, call: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => call(index));
  const inSpan = <T>(work: () => T): T => running.tracing.span('parent', work);
  const isSummary = ({ attributes }: ReadableSpan) => 'async.collapsed.count' in attributes;
  const summaries = (name: string) => spans.named(name).filter(isSummary);
  const summaryOf = (name: string): ReadableSpan => {
    expect(summaries(name)).toHaveLength(1);
    return summaries(name)[0]!;
  };

  it('AU15 have twenty spans and one together, which tells their number and durations', () => {
    const results = inSpan(() => times(10_000, () => prices.of('key')));
    expect(new Set(results)).toEqual(new Set([3]));
    expect(spans.named('Prices.of')).toHaveLength(21);
    const parent = spans.one('parent');
    expect(spans.childrenOf(parent)).toHaveLength(21);
    const summary = summaryOf('Prices.of');
    const { attributes, status } = summary;
    expect(attributes).toMatchObject({
      'code.function.name': 'Prices.of',
      'async.collapsed.count': 9980,
      'async.collapsed.errors': 0,
    });
    const [sum, min, max] = ['sum_ms', 'min_ms', 'max_ms'].map((each) =>
      Number(attributes[`async.collapsed.duration.${each}`]),
    ) as [number, number, number];
    expect(min).toBeGreaterThanOrEqual(0);
    expect(max).toBeGreaterThanOrEqual(min);
    expect(sum).toBeGreaterThanOrEqual(max);
    expect(sum).toBeLessThanOrEqual(millis(summary.duration) + 1);
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(millis(summary.endTime)).toBeLessThanOrEqual(millis(parent.endTime));
    expect(millis(summary.startTime)).toBeGreaterThanOrEqual(millis(parent.startTime));
  });

  it('AU15 counts those that settle later, and what runs in them belongs to the parent', async () => {
    await inSpan(() => Promise.all(times(50, () => prices.later('key'))));
    expect(summaryOf('Prices.later').attributes['async.collapsed.count']).toBe(30);
    spans.reset();
    inSpan(() => times(25, () => prices.outer('key')));
    const outer = spans.named('Prices.outer').filter((span) => !isSummary(span));
    const parents = [...outer, spans.one('parent')];
    // A span that was asked for is never one of many.
    expect(spans.named('inner')).toHaveLength(25);
    expect(parents.flatMap((each) => spans.childrenOf(each)).filter(isInner)).toHaveLength(25);
    expect(spans.childrenOf(summaryOf('Prices.outer'))).toEqual([]);
  });

  it('AU15 leaves no orphan: every parent of a span is a span that ended', async () => {
    await inSpan(async () => {
      times(60, () => prices.outer('key'));
      await Promise.all(times(60, () => prices.later('key')));
    });
    const ids = new Set(spans.finished.map((span) => span.spanContext().spanId));
    for (const { parentSpanContext, name } of spans.finished) {
      if (name !== 'parent') expect(ids).toContain(parentSpanContext?.spanId);
    }
  });

  it('AU15 has the parent active in a call without a span', () => {
    const [own, id] = inSpan(() => {
      const seen = times(21, () => prices.whereAmI());
      return [trace.getActiveSpan()?.spanContext().spanId, seen.at(-1)];
    });
    expect(id).toBe(own);
  });

  it('AU15 counts each use of a lazy result, and none that nobody used', async () => {
    await inSpan(async () => {
      for (const stream of times(30, () => prices.stream())) await lastValueFrom(stream);
      for (const numbers of times(30, () => prices.numbers())) expect([...numbers]).toEqual([1]);
      for (const pages of times(30, () => prices.pages())) {
        for await (const page of pages) expect(page).toBe(1);
      }
      for (const thenable of times(30, () => prices.thenable())) expect(await thenable).toBe(7);
      times(30, () => prices.stream());
      times(30, () => prices.pages());
      times(5, () => prices.thenable());
    });
    for (const name of ['stream', 'numbers', 'pages', 'thenable']) {
      expect(summaryOf(`Prices.${name}`).attributes['async.collapsed.count']).toBe(10);
    }
  });

  it('AU16 gives failures spans, up to a limit, and counts all of them', async () => {
    const error = new Error('no price');
    await inSpan(async () => {
      times(20, () => prices.of('key'));
      for (const each of times(50, () => () => prices.fails(error))) expect(each).toThrow(error);
      const later = times(40, () => prices.failsLater(error));
      for (const { status } of await Promise.allSettled(later)) expect(status).toBe('rejected');
    });
    for (const [name, count] of [['fails', 30] as const, ['failsLater', 20] as const]) {
      const summary = summaryOf(`Prices.${name}`);
      expect(summary.attributes).toMatchObject({
        'async.collapsed.count': count,
        'async.collapsed.errors': count,
      });
      expect(summary.status).toEqual({
        code: SpanStatusCode.ERROR,
        message: `${count} of ${count} calls failed`,
      });
      const retroactive = spans
        .named(`Prices.${name}`)
        .filter(({ attributes }) => attributes['async.collapsed.retroactive'] === true);
      expect(retroactive).toHaveLength(10);
      expect(retroactive[0]?.status.message).toBe('no price');
      expect(spans.named(`Prices.${name}`)).toHaveLength(20 + 10 + 1);
    }
  });

  it('AU16 takes no expected outcome for a failure', () => {
    const error = new NotFoundException();
    inSpan(() => times(30, () => expect(() => prices.fails(error)).toThrow(error)));
    expect(summaryOf('Prices.fails').attributes['async.collapsed.errors']).toBe(0);
    expect(summaryOf('Prices.fails').status.code).toBe(SpanStatusCode.UNSET);
  });

  it('AU12 AU16 passes on results and failures as they are where no span of them can be made', async () => {
    const parent = brittleSpan();
    const error = new Error('no price');
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = context.with(trace.setSpan(ROOT_CONTEXT, parent), () => {
      times(20, () => expect(() => prices.fails(error)).toThrow(error));
      const calls = times(30, () => prices.after(promise));
      parent.isBroken = true;
      expect(() => prices.fails(error)).toThrow(error);
      return calls;
    });
    parent.end();
    resolve();
    await expect(late.at(-1)).resolves.toBeUndefined();
  });

  it('waits for calls that outlast the parent', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = inSpan(() => ({ all: times(30, () => prices.after(promise)) }));
    expect(summaries('Prices.after')).toEqual([]);
    resolve();
    await Promise.all(late.all);
    expect(summaryOf('Prices.after').attributes['async.collapsed.count']).toBe(10);
  });

  it('AU15 counts by parent: concurrent ones do not share', async () => {
    await Promise.all(
      times(3, (index) =>
        running.tracing.span(`parent ${index}`, async () => {
          for (let call = 0; call < 25; call += 1) await prices.later('key');
        }),
      ),
    );
    expect(spans.named('Prices.later')).toHaveLength(3 * 21);
    for (const summary of summaries('Prices.later')) {
      expect(summary.attributes['async.collapsed.count']).toBe(5);
    }
  });

  it('AU19 leaves all others alone: manual ones, those of other kinds, what carries context out', async () => {
    const kinds = [SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER];
    const tracer = trace.getTracer('library');
    const sent: string[] = [];
    await inSpan(async () => {
      times(30, () => running.tracing.span('manual', () => undefined));
      times(30, () => prices.inner('key'));
      for (const kind of kinds) {
        times(30, () => tracer.startSpan(`kind ${kind}`, { kind }).end());
      }
      times(30, () =>
        tracer.startActiveSpan('sends', (span) => {
          const headers: Record<string, string> = {};
          propagation.inject(context.active(), headers);
          sent.push(headers['traceparent'] ?? '');
          span.end();
        }),
      );
      await running.tracing.map('tasks', times(30, Number), () => undefined);
    });
    const others = ['manual', 'inner', 'sends', ...kinds.map((kind) => `kind ${kind}`)];
    for (const name of others) expect(spans.named(name), name).toHaveLength(30);
    expect(spans.childrenOf(spans.one('tasks'))).toHaveLength(30);
    const ids = spans.named('sends').map((span) => span.spanContext().spanId);
    expect(sent.map((header) => header.split('-')[2])).toEqual(ids);
  });

  it('AU20 keeps nothing of a parent that has ended', async () => {
    const seen: WeakRef<object>[] = [];
    const run = (): void => {
      inSpan(() => {
        seen.push(new WeakRef(trace.getActiveSpan() as object));
        times(40, () => prices.of('key'));
      });
    };
    run();
    spans.reset();
    await new Promise((resolve) => setImmediate(resolve));
    exposedCollector()();
    expect(seen[0]?.deref()).toBeUndefined();
  });
});

/** A span of somebody else's, which fails when a child is to open below it. */
function brittleSpan(): Span & { isBroken: boolean } {
  const made = trace.wrapSpanContext({
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    traceFlags: 1,
  });
  const own = made.spanContext();
  return Object.assign(made, {
    isBroken: false,
    isRecording: () => true,
    spanContext(this: { isBroken: boolean }) {
      if (this.isBroken) throw new Error('broken span');
      return own;
    },
  });
}

function isInner({ name }: ReadableSpan): boolean {
  return name === 'inner';
}

function millis([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1000 + nanos / 1e6;
}
