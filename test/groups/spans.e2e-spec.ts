import { NotFoundException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cooperative, gate, nextMillisecond, rejectionOf, turn } from './tasks.js';

const OUTCOME = 'async.task.outcome';
const REASON = 'async.task.cancel.reason';

const COUNTS = ['total', 'ok', 'error', 'cancelled', 'not_started'] as const;

function countsOf(span: ReadableSpan): Record<string, unknown> {
  return Object.fromEntries(
    COUNTS.map((key) => [key, span.attributes[`async.group.tasks.${key}`]]),
  );
}

function nanos([seconds, rest]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}

function exceptionsOf(span: ReadableSpan): unknown[] {
  return span.events.map(({ attributes }) => attributes?.['exception.message']);
}

describe('the spans of a group', () => {
  let spans: SpanRecorder;
  let tracing: TracingService;
  let close: () => Promise<void>;
  beforeAll(async () => {
    spans = recordSpans();
    const app = await Test.createTestingModule({ imports: [TracingModule.forRoot()] }).compile();
    await app.init();
    tracing = app.get(TracingService);
    close = () => app.close();
  });
  afterEach(() => {
    spans.assertNoOpenSpans();
    spans.reset();
  });
  afterAll(async () => {
    await close();
    await spans.stop();
  });

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

  it('G8 each child says how it ended', async () => {
    await rejectionOf(
      tracing.group('g', { concurrency: 4 }, async (g) => {
        const done = g.spawn('ok', () => 1);
        void g.spawn('running', ({ signal }) => cooperative(signal));
        void g.spawn('finishes all the same', async ({ signal }) => {
          await cooperative(signal).catch(() => undefined);
        });
        void g.spawn('fails', async () => {
          await done;
          await turn();
          throw new TypeError('boom');
        });
        for (let i = 0; i < 3; i += 1) void g.spawn('queued', ({ signal }) => cooperative(signal));
        await done;
      }),
    );
    const ok = spans.one('ok');
    expect(ok.status.code).toBe(SpanStatusCode.UNSET);
    expect(ok.attributes).toMatchObject({ [OUTCOME]: 'ok' });

    const failed = spans.one('fails');
    expect(failed.status).toEqual({ code: SpanStatusCode.ERROR, message: 'boom' });
    expect(failed.attributes).toMatchObject({ [OUTCOME]: 'error', 'error.type': 'TypeError' });
    expect(exceptionsOf(failed)).toEqual(['boom']);

    const cancelled = spans.one('running');
    expect(cancelled.status.code).toBe(SpanStatusCode.ERROR);
    expect(cancelled.attributes[OUTCOME]).toBe('cancelled');
    expect(cancelled.attributes[REASON]).toBe('"fails" failed: TypeError: boom');
    expect(cancelled.events).toEqual([]);

    expect(spans.one('finishes all the same').attributes[OUTCOME]).toBe('ok');
    expect(spans.named('queued')).toHaveLength(1);

    const group = spans.one('g');
    expect(group.attributes[OUTCOME]).toBe('error');
    expect(countsOf(group)).toEqual({ total: 7, ok: 2, error: 1, cancelled: 2, not_started: 2 });
  });

  it("G8 cancelled: 'unset' leaves the status of cancelled spans alone", async () => {
    const app = await Test.createTestingModule({
      imports: [TracingModule.forRoot({ cancelled: 'unset' })],
    }).compile();
    await app.init();
    await app.get(TracingService).group('g', async (g) => {
      void g.spawn('a', ({ signal }) => cooperative(signal));
      await turn();
      g.cancel('user left');
    });
    await app.close();
    const cancelled = spans.one('a');
    expect(cancelled.status.code).toBe(SpanStatusCode.UNSET);
    expect(cancelled.attributes).toMatchObject({ [OUTCOME]: 'cancelled', [REASON]: 'user left' });
  });

  it('G9 a failed group is an ERROR with its exceptions and counts', async () => {
    await rejectionOf(
      tracing.group('g', { onError: 'continue' }, (g) => {
        for (const name of ['first', 'second']) {
          void g.spawn(name, () => Promise.reject(new Error(name)));
        }
        void g.spawn('fine', () => 1);
      }),
    );
    const group = spans.one('g');
    expect(group.status).toEqual({ code: SpanStatusCode.ERROR, message: 'first' });
    expect(exceptionsOf(group)).toEqual(['first', 'second']);
    expect(countsOf(group)).toEqual({ total: 3, ok: 1, error: 2, cancelled: 0, not_started: 0 });
  });

  it('G7 an aggregate is recorded with its inner errors', async () => {
    await rejectionOf(
      tracing.group('g', { onError: 'continue', errors: 'aggregate' }, (g) => {
        for (const name of ['a', 'b']) void g.spawn(() => Promise.reject(new Error(name)));
      }),
    );
    expect(exceptionsOf(spans.one('g'))).toEqual(['Group "g" failed.', 'a', 'b']);
  });

  it('G7 a thousand failures keep the first in sight', async () => {
    await rejectionOf(
      tracing.group('g', { onError: 'continue', spans: 'none' }, (g) => {
        for (let i = 0; i < 1000; i += 1) void g.spawn(() => Promise.reject(new Error(`${i}`)));
      }),
    );
    const group = spans.one('g');
    expect(exceptionsOf(group)[0]).toBe('0');
    expect(group.events.length).toBeLessThanOrEqual(64);
    expect(countsOf(group)).toMatchObject({ error: 1000 });
  });

  it('G9 an expected error is recorded and leaves the status alone', async () => {
    const error = await rejectionOf(
      tracing.group('g', (g) => g.spawn('a', () => Promise.reject(new NotFoundException('no')))),
    );
    expect(error).toBeInstanceOf(NotFoundException);
    for (const name of ['a', 'g']) {
      expect(spans.one(name).status.code).toBe(SpanStatusCode.UNSET);
      expect(exceptionsOf(spans.one(name))).toEqual(['no']);
      expect(spans.one(name).attributes[OUTCOME]).toBe('error');
    }
  });

  it('G10 an error that came from an awaited child is recorded once on the group', async () => {
    await rejectionOf(
      tracing.group('g', async (g) => {
        await g.spawn('a', () => Promise.reject(new Error('boom')));
      }),
    );
    expect(exceptionsOf(spans.one('g'))).toEqual(['boom']);
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

  it('G15 an inner group that is cancelled by the outer says so', async () => {
    await rejectionOf(
      tracing.group('outer', (outer) => {
        void outer.spawn('nesting', () =>
          tracing.group('inner', (inner) =>
            inner.spawn('deep', ({ signal }) => cooperative(signal)),
          ),
        );
        return nextMillisecond().then(() => {
          void outer.spawn('failing', () => Promise.reject(new Error('boom')));
        });
      }),
    );
    expect(spans.tree({ attributes: [OUTCOME] })).toBe(
      [
        'outer async.task.outcome=error status=ERROR',
        '  nesting async.task.outcome=cancelled status=ERROR',
        '    inner async.task.outcome=cancelled status=ERROR',
        '      deep async.task.outcome=cancelled status=ERROR',
        '  failing async.task.outcome=error status=ERROR',
      ].join('\n'),
    );
    expect(spans.one('inner').attributes[REASON]).toBe('Error: boom');
    expect(spans.one('inner').events).toEqual([]);
  });

  it('G16 a deadline is recorded on the group and is the reason of the cancelled children', async () => {
    await rejectionOf(
      tracing.group('g', { timeoutMillis: 10 }, (g) =>
        g.spawn('a', ({ signal }) => cooperative(signal)),
      ),
    );
    const message = 'Group "g" took longer than its limit of 10 ms.';
    expect(exceptionsOf(spans.one('g'))).toEqual([message]);
    expect(spans.one('g').attributes['error.type']).toBe('TimeoutError');
    expect(spans.one('a').attributes[REASON]).toBe(message);
  });

  it('G16 a group whose signal had aborted is recorded as cancelled', async () => {
    const signal = AbortSignal.abort(new Error('client gone'));
    await rejectionOf(tracing.group('g', { signal }, (g) => g.spawn('a', () => 1)));
    expect(spans.tree({ attributes: [OUTCOME, REASON] })).toBe(
      'g async.task.outcome=cancelled async.task.cancel.reason=Error: client gone status=ERROR',
    );
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
