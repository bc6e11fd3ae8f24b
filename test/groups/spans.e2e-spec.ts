import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { TracingService } from 'nestjs-tracing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OUTCOME, countsOf, nanos } from './reading-spans.js';
import { cooperative, gate, nextMillisecond, rejectionOf, turn } from './tasks.js';
import type { OpenTracing } from './tracing-modes.js';
import { openTracing } from './tracing-modes.js';

describe('the spans of a group', () => {
  let open: OpenTracing;
  let spans: SpanRecorder;
  let tracing: TracingService;
  beforeAll(async () => {
    open = await openTracing('recorded');
    tracing = open.tracing;
    spans = open.spans as SpanRecorder;
  });
  afterEach(() => {
    spans.assertNoOpenSpans();
    spans.reset();
  });
  afterAll(() => open.close());

  it('G2 starts before its first child and ends after its last, by every clock', async () => {
    for (let i = 0; i < 500; i += 1) {
      await tracing.group('g', (g) => {
        void g.spawn('a', () => turn());
        void g.spawn('b', () => undefined);
      });
      const [a, b, group] = ['a', 'b', 'g'].map((name) => spans.one(name)) as [
        ReadableSpan,
        ReadableSpan,
        ReadableSpan,
      ];
      expect(spans.finished.at(-1)).toBe(group);
      for (const child of [a, b]) {
        expect(nanos(child.startTime)).toBeGreaterThanOrEqual(nanos(group.startTime));
        expect(nanos(group.endTime)).toBeGreaterThanOrEqual(nanos(child.endTime));
      }
      spans.reset();
    }
  });

  it('G3 every child hangs under the group, with a link to the span it was spawned in', async () => {
    await tracing.group('g', async (g) => {
      await tracing.span('traced helper', async () => {
        await nextMillisecond();
        await g.spawn('spawned in a helper', () => tracing.span('work', () => turn()));
      });
      await g.spawn('outer child', async () => {
        await nextMillisecond();
        await g.spawn('spawned by a child', () => turn());
      });
      await g.spawn('plain', () => turn());
    });
    expect(spans.tree()).toBe(
      [
        'g',
        '  traced helper',
        '  spawned in a helper link=traced helper',
        '    work',
        '  outer child',
        '  spawned by a child link=outer child',
        '  plain',
      ].join('\n'),
    );
  });

  it('G3 children see the baggage of their spawner', async () => {
    const seen: (string | undefined)[] = [];
    const read = (): void => {
      seen.push(propagation.getActiveBaggage()?.getEntry('user')?.value);
    };
    await tracing.group('g', { concurrency: 1 }, (g) => {
      for (const value of ['ada', 'bob']) {
        const baggage = propagation.createBaggage({ user: { value } });
        context.with(propagation.setBaggage(context.active(), baggage), () => {
          void g.spawn(async () => {
            await turn();
            read();
          });
        });
      }
      void g.spawn(read);
    });
    expect(seen).toEqual(['ada', 'bob', undefined]);
  });

  it('G14 the wait of a queued child is on its span, which starts when the child does', async () => {
    const first = gate();
    await tracing.group('g', { concurrency: 1 }, async (g) => {
      void g.spawn('first', () => first.promise);
      void g.spawn('second', () => 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      first.open();
    });
    const [one, two] = [spans.one('first'), spans.one('second')];
    expect(one.attributes['async.task.queue_wait_ms']).toBeUndefined();
    expect(two.attributes['async.task.queue_wait_ms']).toBeGreaterThan(10);
    expect(nanos(two.startTime)).toBeGreaterThan(nanos(one.startTime));
  });

  it('G14 a queued child hangs under the group with the link of its spawner', async () => {
    const first = gate();
    await tracing.group('g', { concurrency: 1 }, async (g) => {
      void g.spawn('first', () => tracing.span('inner of first', () => first.promise));
      await nextMillisecond();
      tracing.span('spawner', () => {
        void g.spawn('queued', () => trace.getActiveSpan()?.addEvent('mine'));
      });
      await nextMillisecond();
      first.open();
    });
    expect(spans.tree()).toBe(
      ['g', '  first', '    inner of first', '  spawner', '  queued link=spawner'].join('\n'),
    );
    expect(spans.one('queued').events.map(({ name }) => name)).toEqual(['mine']);
  });

  it('G18 the children of map are named after its function and numbered', async () => {
    async function processItem(item: number): Promise<number> {
      return item;
    }
    await tracing.map('batch', [1, 2], processItem);
    await tracing.map('batch', [1], processItem.bind(undefined));
    await tracing.map('inline', [1], (item) => item);
    expect(spans.tree({ attributes: ['async.task.index'] })).toBe(
      [
        'batch',
        '  processItem async.task.index=0',
        '  processItem async.task.index=1',
        'batch',
        '  processItem async.task.index=0',
        'inline',
        '  inline task async.task.index=0',
      ].join('\n'),
    );
  });

  it('G18 settled: failed children are errors, the group is none and counts them', async () => {
    await tracing.settled('s', [1, 2], async (item) => {
      if (item === 2) throw new Error('two');
    });
    const group = spans.one('s');
    expect(group.status.code).toBe(SpanStatusCode.UNSET);
    expect(group.events).toEqual([]);
    expect(countsOf(group)).toMatchObject({ total: 2, ok: 1, error: 1 });
    const [, failed] = spans.named('s task');
    expect(failed?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('G19 spans that abort listeners open hang under the group, not under the failing child', async () => {
    await rejectionOf(
      tracing.group('g', (g) => {
        g.signal.addEventListener('abort', () => tracing.span('rollback', () => undefined));
        void g.spawn('failing', async () => {
          await turn();
          throw new Error('boom');
        });
      }),
    );
    expect(spans.tree({ status: false })).toBe(['g', '  failing', '  rollback'].join('\n'));
  });

  it("spans: 'none' keeps the counts, and what children trace hangs under the group", async () => {
    await tracing.group('g', { spans: 'none' }, async (g) => {
      await g.spawn('a', ({ span }) => {
        span.addEvent('from a');
        return tracing.span('work', () => turn());
      });
      await tracing.span('helper', async () => {
        await nextMillisecond();
        await g.spawn('b', () => tracing.span('more', () => turn()));
      });
    });
    expect(spans.tree()).toBe(['g', '  work', '  helper', '  more'].join('\n'));
    expect(countsOf(spans.one('g'))).toMatchObject({ total: 2, ok: 2 });
    expect(spans.one('g').events.map(({ name }) => name)).toEqual(['from a']);
  });

  it("spans: 'errors' makes spans of those that fail or are cancelled, with their whole time", async () => {
    await rejectionOf(
      tracing.group('g', { spans: 'errors' }, async (g) => {
        await g.spawn('fine', () => turn());
        void g.spawn('cancelled', ({ signal }) => cooperative(signal));
        await new Promise((resolve) => setTimeout(resolve, 20));
        void tracing.span('helper', async () => {
          await nextMillisecond();
          void g.spawn('failing', async () => {
            await turn();
            throw new Error('boom');
          });
        });
        await cooperative(g.signal);
      }),
    );
    expect(spans.tree({ attributes: [OUTCOME] })).toBe(
      [
        'g async.task.outcome=error status=ERROR',
        '  cancelled async.task.outcome=cancelled status=ERROR',
        '  helper',
        '  failing async.task.outcome=error status=ERROR link=helper',
      ].join('\n'),
    );
    const { startTime, endTime } = spans.one('cancelled');
    expect(nanos(endTime) - nanos(startTime)).toBeGreaterThan(10_000_000n);
  });

  it('gives the group its attributes at start, made legal', async () => {
    await tracing.group('g', { attributes: { 'batch.size': 3, bad: {} as never } }, () => 1);
    expect(spans.one('g').attributes['batch.size']).toBe(3);
    expect(spans.one('g').attributes).not.toHaveProperty('bad');
  });

  it('gives each task its own span', async () => {
    await tracing.group('g', async (g) => {
      expect(g.span).toBe(trace.getActiveSpan());
      expect(await g.spawn('a', ({ span }) => span === trace.getActiveSpan())).toBe(true);
    });
  });
});
