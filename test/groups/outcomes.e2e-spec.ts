import { NotFoundException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SpanStatusCode } from '@opentelemetry/api';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { describe, expect, it } from 'vitest';
import { OUTCOME, REASON, countsOf, exceptionsOf } from './reading-spans.js';
import { cooperative, nextMillisecond, rejectionOf, turn } from './tasks.js';
import { useRecordedTracing } from './tracing-modes.js';

describe('how the spans of a group say what became of it', () => {
  const recorded = useRecordedTracing();

  it('G8 each child says how it ended', async () => {
    await rejectionOf(
      recorded.tracing.group('g', { concurrency: 4 }, async (g) => {
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
    const ok = recorded.spans.one('ok');
    expect(ok.status.code).toBe(SpanStatusCode.UNSET);
    expect(ok.attributes).toMatchObject({ [OUTCOME]: 'ok' });

    const failed = recorded.spans.one('fails');
    expect(failed.status).toEqual({ code: SpanStatusCode.ERROR, message: 'boom' });
    expect(failed.attributes).toMatchObject({ [OUTCOME]: 'error', 'error.type': 'TypeError' });
    expect(exceptionsOf(failed)).toEqual(['boom']);

    const cancelled = recorded.spans.one('running');
    expect(cancelled.status.code).toBe(SpanStatusCode.ERROR);
    expect(cancelled.attributes[OUTCOME]).toBe('cancelled');
    expect(cancelled.attributes[REASON]).toBe('"fails" failed: TypeError: boom');
    expect(cancelled.events).toEqual([]);

    expect(recorded.spans.one('finishes all the same').attributes[OUTCOME]).toBe('ok');
    expect(recorded.spans.named('queued')).toHaveLength(1);

    const group = recorded.spans.one('g');
    expect(group.attributes[OUTCOME]).toBe('error');
    expect(countsOf(group)).toEqual({ total: 7, ok: 2, error: 1, cancelled: 2, not_started: 2 });
  });

  it('G8 in a map, where all children have one name, the item that failed is told', async () => {
    await rejectionOf(
      recorded.tracing.map('m', ['a', 'b'], async function load(item, { signal }) {
        if (item === 'a') return cooperative(signal);
        await turn();
        throw new TypeError('boom');
      }),
    );
    const [cancelled] = recorded.spans
      .named('load')
      .filter(({ attributes }) => REASON in attributes);
    expect(cancelled?.attributes[REASON]).toBe('"load" (item 1) failed: TypeError: boom');
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
    const cancelled = recorded.spans.one('a');
    expect(cancelled.status.code).toBe(SpanStatusCode.UNSET);
    expect(cancelled.attributes).toMatchObject({ [OUTCOME]: 'cancelled', [REASON]: 'user left' });
  });

  it('G9 a failed group is an ERROR with its exceptions and counts', async () => {
    await rejectionOf(
      recorded.tracing.group('g', { onError: 'continue' }, (g) => {
        for (const name of ['first', 'second']) {
          void g.spawn(name, () => Promise.reject(new Error(name)));
        }
        void g.spawn('fine', () => 1);
      }),
    );
    const group = recorded.spans.one('g');
    expect(group.status).toEqual({ code: SpanStatusCode.ERROR, message: 'first' });
    expect(exceptionsOf(group)).toEqual(['first', 'second']);
    expect(countsOf(group)).toEqual({ total: 3, ok: 1, error: 2, cancelled: 0, not_started: 0 });
  });

  it('G7 an aggregate is recorded with its inner errors', async () => {
    await rejectionOf(
      recorded.tracing.group('g', { onError: 'continue', errors: 'aggregate' }, (g) => {
        for (const name of ['a', 'b']) void g.spawn(() => Promise.reject(new Error(name)));
      }),
    );
    expect(exceptionsOf(recorded.spans.one('g'))).toEqual(['Group "g" failed.', 'a', 'b']);
  });

  it('G7 a thousand failures keep the first in sight', async () => {
    await rejectionOf(
      recorded.tracing.group('g', { onError: 'continue', spans: 'none' }, (g) => {
        for (let i = 0; i < 1000; i += 1) void g.spawn(() => Promise.reject(new Error(`${i}`)));
      }),
    );
    const group = recorded.spans.one('g');
    expect(exceptionsOf(group)[0]).toBe('0');
    expect(group.events.length).toBeLessThanOrEqual(64);
    expect(countsOf(group)).toMatchObject({ error: 1000 });
  });

  it('G9 an expected error is recorded and leaves the status alone', async () => {
    const error = await rejectionOf(
      recorded.tracing.group('g', (g) =>
        g.spawn('a', () => Promise.reject(new NotFoundException('no'))),
      ),
    );
    expect(error).toBeInstanceOf(NotFoundException);
    for (const name of ['a', 'g']) {
      expect(recorded.spans.one(name).status.code).toBe(SpanStatusCode.UNSET);
      expect(exceptionsOf(recorded.spans.one(name))).toEqual(['no']);
      expect(recorded.spans.one(name).attributes[OUTCOME]).toBe('error');
    }
  });

  it('G10 an error that came from an awaited child is recorded once on the group', async () => {
    await rejectionOf(
      recorded.tracing.group('g', async (g) => {
        await g.spawn('a', () => Promise.reject(new Error('boom')));
      }),
    );
    expect(exceptionsOf(recorded.spans.one('g'))).toEqual(['boom']);
  });

  it('G15 an inner group that is cancelled by the outer says so', async () => {
    await rejectionOf(
      recorded.tracing.group('outer', (outer) => {
        void outer.spawn('nesting', () =>
          recorded.tracing.group('inner', (inner) =>
            inner.spawn('deep', ({ signal }) => cooperative(signal)),
          ),
        );
        return nextMillisecond().then(() => {
          void outer.spawn('failing', () => Promise.reject(new Error('boom')));
        });
      }),
    );
    expect(recorded.spans.tree({ attributes: [OUTCOME] })).toBe(
      [
        'outer async.task.outcome=error status=ERROR',
        '  nesting async.task.outcome=cancelled status=ERROR',
        '    inner async.task.outcome=cancelled status=ERROR',
        '      deep async.task.outcome=cancelled status=ERROR',
        '  failing async.task.outcome=error status=ERROR',
      ].join('\n'),
    );
    expect(recorded.spans.one('inner').attributes[REASON]).toBe('Error: boom');
    expect(recorded.spans.one('inner').events).toEqual([]);
  });

  it('G16 a deadline is recorded on the group and is the reason of the cancelled children', async () => {
    await rejectionOf(
      recorded.tracing.group('g', { timeoutMillis: 10 }, (g) =>
        g.spawn('a', ({ signal }) => cooperative(signal)),
      ),
    );
    const message = 'Group "g" took longer than its limit of 10 ms.';
    expect(exceptionsOf(recorded.spans.one('g'))).toEqual([message]);
    expect(recorded.spans.one('g').attributes['error.type']).toBe('TimeoutError');
    expect(recorded.spans.one('a').attributes[REASON]).toBe(message);
  });

  it('G16 a group whose signal had aborted is recorded as cancelled', async () => {
    const signal = AbortSignal.abort(new Error('client gone'));
    await rejectionOf(recorded.tracing.group('g', { signal }, (g) => g.spawn('a', () => 1)));
    expect(recorded.spans.tree({ attributes: [OUTCOME, REASON] })).toBe(
      'g async.task.outcome=cancelled async.task.cancel.reason=Error: client gone status=ERROR',
    );
  });
});
