import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { OUTCOME, countsOf, nanos } from './reading-spans.js';
import { cooperative, gate, nextMillisecond, rejectionOf, turn } from './tasks.js';
import { useRecordedTracing } from './tracing-modes.js';

describe('the spans of a group', () => {
  const recorded = useRecordedTracing();

  it('G2 starts before its first child and ends after its last, by every clock', async () => {
    for (let i = 0; i < 500; i += 1) {
      await recorded.tracing.group('g', (g) => {
        void g.spawn('a', () => turn());
        void g.spawn('b', () => undefined);
      });
      const [a, b, group] = ['a', 'b', 'g'].map((name) => recorded.spans.one(name)) as [
        ReadableSpan,
        ReadableSpan,
        ReadableSpan,
      ];
      expect(recorded.spans.finished.at(-1)).toBe(group);
      for (const child of [a, b]) {
        expect(nanos(child.startTime)).toBeGreaterThanOrEqual(nanos(group.startTime));
        expect(nanos(group.endTime)).toBeGreaterThanOrEqual(nanos(child.endTime));
      }
      recorded.spans.reset();
    }
  });

  it('G3 every child hangs under the group, with a link to the span it was spawned in', async () => {
    await recorded.tracing.group('g', async (g) => {
      await recorded.tracing.span('traced helper', async () => {
        await nextMillisecond();
        await g.spawn('spawned in a helper', () => recorded.tracing.span('work', () => turn()));
      });
      await g.spawn('outer child', async () => {
        await nextMillisecond();
        await g.spawn('spawned by a child', () => turn());
      });
      await g.spawn('plain', () => turn());
    });
    expect(recorded.spans.tree()).toBe(
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
    await recorded.tracing.group('g', { concurrency: 1 }, (g) => {
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
    await recorded.tracing.group('g', { concurrency: 1 }, async (g) => {
      void g.spawn('first', () => first.promise);
      void g.spawn('second', () => 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      first.open();
    });
    const [one, two] = [recorded.spans.one('first'), recorded.spans.one('second')];
    expect(one.attributes['async.task.queue_wait_ms']).toBeUndefined();
    expect(two.attributes['async.task.queue_wait_ms']).toBeGreaterThan(10);
    expect(nanos(two.startTime)).toBeGreaterThan(nanos(one.startTime));
  });

  it('G14 a queued child hangs under the group with the link of its spawner', async () => {
    const first = gate();
    await recorded.tracing.group('g', { concurrency: 1 }, async (g) => {
      void g.spawn('first', () => recorded.tracing.span('inner of first', () => first.promise));
      await nextMillisecond();
      recorded.tracing.span('spawner', () => {
        void g.spawn('queued', () => trace.getActiveSpan()?.addEvent('mine'));
      });
      await nextMillisecond();
      first.open();
    });
    expect(recorded.spans.tree()).toBe(
      ['g', '  first', '    inner of first', '  spawner', '  queued link=spawner'].join('\n'),
    );
    expect(recorded.spans.one('queued').events.map(({ name }) => name)).toEqual(['mine']);
  });

  it('G18 the children of map are named after its function and numbered', async () => {
    async function processItem(item: number): Promise<number> {
      return item;
    }
    await recorded.tracing.map('batch', [1, 2], processItem);
    await recorded.tracing.map('batch', [1], processItem.bind(undefined));
    await recorded.tracing.map('inline', [1], (item) => item);
    expect(recorded.spans.tree({ attributes: ['async.task.index'] })).toBe(
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
    await recorded.tracing.settled('s', [1, 2], async (item) => {
      if (item === 2) throw new Error('two');
    });
    const group = recorded.spans.one('s');
    expect(group.status.code).toBe(SpanStatusCode.UNSET);
    expect(group.events).toEqual([]);
    expect(countsOf(group)).toMatchObject({ total: 2, ok: 1, error: 1 });
    const [, failed] = recorded.spans.named('s task');
    expect(failed?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('G19 spans that abort listeners open hang under the group, not under the failing child', async () => {
    await rejectionOf(
      recorded.tracing.group('g', (g) => {
        g.signal.addEventListener('abort', () =>
          recorded.tracing.span('rollback', () => undefined),
        );
        void g.spawn('failing', async () => {
          await turn();
          throw new Error('boom');
        });
      }),
    );
    expect(recorded.spans.tree({ status: false })).toBe(
      ['g', '  failing', '  rollback'].join('\n'),
    );
  });

  it("spans: 'none' keeps the counts, and what children trace hangs under the group", async () => {
    await recorded.tracing.group('g', { spans: 'none' }, async (g) => {
      await g.spawn('a', ({ span }) => {
        span.addEvent('from a');
        return recorded.tracing.span('work', () => turn());
      });
      await recorded.tracing.span('helper', async () => {
        await nextMillisecond();
        await g.spawn('b', () => recorded.tracing.span('more', () => turn()));
      });
    });
    expect(recorded.spans.tree()).toBe(['g', '  work', '  helper', '  more'].join('\n'));
    expect(countsOf(recorded.spans.one('g'))).toMatchObject({ total: 2, ok: 2 });
    expect(recorded.spans.one('g').events.map(({ name }) => name)).toEqual(['from a']);
  });

  it("spans: 'errors' makes spans of those that fail or are cancelled, with their whole time", async () => {
    await rejectionOf(
      recorded.tracing.group('g', { spans: 'errors' }, async (g) => {
        await g.spawn('fine', () => turn());
        void g.spawn('cancelled', ({ signal }) => cooperative(signal));
        await new Promise((resolve) => setTimeout(resolve, 20));
        void recorded.tracing.span('helper', async () => {
          await nextMillisecond();
          void g.spawn('failing', async () => {
            await turn();
            throw new Error('boom');
          });
        });
        await cooperative(g.signal);
      }),
    );
    expect(recorded.spans.tree({ attributes: [OUTCOME] })).toBe(
      [
        'g async.task.outcome=error status=ERROR',
        '  cancelled async.task.outcome=cancelled status=ERROR',
        '  helper',
        '  failing async.task.outcome=error status=ERROR link=helper',
      ].join('\n'),
    );
    const { startTime, endTime } = recorded.spans.one('cancelled');
    expect(nanos(endTime) - nanos(startTime)).toBeGreaterThan(10_000_000n);
  });

  it('gives the group its attributes at start, made legal', async () => {
    await recorded.tracing.group(
      'g',
      { attributes: { 'batch.size': 3, bad: {} as never } },
      () => 1,
    );
    expect(recorded.spans.one('g').attributes['batch.size']).toBe(3);
    expect(recorded.spans.one('g').attributes).not.toHaveProperty('bad');
  });

  it('gives each task its own span', async () => {
    await recorded.tracing.group('g', async (g) => {
      expect(g.span).toBe(trace.getActiveSpan());
      expect(await g.spawn('a', ({ span }) => span === trace.getActiveSpan())).toBe(true);
    });
  });
});
