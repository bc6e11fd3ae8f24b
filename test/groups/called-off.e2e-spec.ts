import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, NotFoundException } from '@nestjs/common';
import { Traced } from 'nestjs-tracing';
import { EMPTY, Observable, firstValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { OUTCOME, REASON } from './reading-spans.js';
import { cooperative, rejectionOf, turn } from './tasks.js';
import { useRecordedTracing } from './tracing-modes.js';

class Client {
  @Traced('traced method')
  load(signal: AbortSignal): Promise<void> {
    return cooperative(signal);
  }

  @Traced('echoing the reason')
  async echo(signal: AbortSignal): Promise<void> {
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  @Traced('thenable')
  query(signal: AbortSignal): PromiseLike<void> {
    // oxlint-disable-next-line unicorn/no-thenable -- being one is the point
    return { then: (ok, fail) => cooperative(signal).then(ok, fail) };
  }

  @Traced('observable')
  watch(signal: AbortSignal): Observable<never> {
    return new Observable((subscriber) => {
      cooperative(signal).catch((error: unknown) => subscriber.error(error));
    });
  }

  @Traced('generator')
  async *rows(signal: AbortSignal): AsyncGenerator<number> {
    yield 1;
    await cooperative(signal);
  }

  @Traced('failing')
  async failing(signal: AbortSignal): Promise<void> {
    await cooperative(signal).catch(() => undefined);
    throw new Error('own failure');
  }

  @Traced('with a deadline of its own')
  async late(): Promise<void> {
    await cooperative(AbortSignal.timeout(1));
  }

  @Traced('stream')
  async *stream(): AsyncGenerator<number> {
    for (let row = 0; ; row += 1) yield row;
  }

  @Traced('sync stream')
  *syncStream(): Generator<number> {
    for (let row = 0; ; row += 1) yield row;
  }
}

const client = new Client();

/** Every way in which a traced method below a task notices that the task is called off. */
const BELOW: Record<string, (signal: AbortSignal) => unknown> = {
  'traced method': (signal) => client.load(signal),
  'echoing the reason': (signal) => client.echo(signal),
  thenable: async (signal) => await client.query(signal),
  observable: (signal) => firstValueFrom(client.watch(signal), { defaultValue: EMPTY }),
  generator: (signal) => Array.fromAsync(client.rows(signal)),
};

describe('what was called off', () => {
  const recorded = useRecordedTracing();
  const summary = (name: string): unknown => {
    const { status, attributes, events } = recorded.spans.one(name);
    return [status.code, attributes['error.type'], attributes[OUTCOME], attributes[REASON], events];
  };

  for (const [name, work] of Object.entries(BELOW)) {
    it(`G8 is not failed, below a cancelled task: ${name}`, async () => {
      await rejectionOf(
        recorded.tracing.group('g', async (g) => {
          void g.spawn('sibling', ({ signal }) => work(signal) as Promise<void>);
          await turn();
          void g.spawn('fails', () => Promise.reject(new TypeError('boom')));
        }),
      );
      expect(summary(name)).toEqual([0, undefined, 'cancelled', 'TypeError: boom', []]);
    });
  }

  it('G8 keeps a failure of its own, although the task was cancelled', async () => {
    await rejectionOf(
      recorded.tracing.group('g', async (g) => {
        void g.spawn('sibling', ({ signal }) => client.failing(signal));
        await turn();
        g.cancel();
      }),
    );
    expect(recorded.spans.tree()).toContain('failing status=ERROR');
    expect(recorded.spans.one('failing').events).toHaveLength(1);
  });

  it('G16 a deadline is an error: of the group, and of a call', async () => {
    await rejectionOf(
      recorded.tracing.group('g', { timeoutMillis: 5 }, (g) =>
        g.spawn('slow', ({ signal }) => client.load(signal)),
      ),
    );
    expect(recorded.spans.one('traced method').attributes['error.type']).toBe('AbortError');
    await rejectionOf(recorded.tracing.group('g2', () => client.late()));
    expect(recorded.spans.one('with a deadline of its own').status.code).toBe(2);
  });

  it('D3 is not failed in a detached task that is cancelled, and is in one whose caller was', async () => {
    const task = recorded.tracing.detach('detached', ({ signal }) => client.load(signal));
    await turn();
    task.cancel(new Error('deleted'));
    await task.done;
    expect(summary('traced method')).toEqual([0, undefined, 'cancelled', 'Error: deleted', []]);

    vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    let done: Promise<void> | undefined;
    await rejectionOf(
      recorded.tracing.group('g', async (g) => {
        ({ done } = recorded.tracing.detach('on its own', () => Promise.reject(abortError())));
        g.cancel();
        await delay(1);
        throw abortError();
      }),
    );
    await done;
    vi.restoreAllMocks();
    expect(recorded.spans.one('on its own').attributes['error.type']).toBe('AbortError');
  });

  it('T2 a generator that a stream leaves early is not failed, nor one whose stream is cut', async () => {
    for await (const row of Readable.from(client.stream())) if (row === 2) break;
    for await (const row of Readable.from(client.syncStream())) if (row === 2) break;
    await turn();
    expect(recorded.spans.tree()).toBe('stream\nsync stream');
    expect(recorded.spans.one('stream').attributes[OUTCOME]).toBe('cancelled');
  });

  it('T2 a generator that its consumer throws at keeps that error', async () => {
    const rows = client.stream();
    await rows.next();
    await rejectionOf(rows.throw(new TypeError('no')));
    expect(recorded.spans.one('stream').attributes['error.type']).toBe('TypeError');
  });

  it('G8 siblings cancelled by an expected error are not failed either, in group and map', async () => {
    const fails = (): Promise<never> => Promise.reject(new NotFoundException('no such shard'));
    await rejectionOf(
      recorded.tracing.map('map', [0, 1], function shard(item, { signal }) {
        return item === 0 ? cooperative(signal) : turn().then(fails);
      }),
    );
    await rejectionOf(
      recorded.tracing.group('outer', async (outer) => {
        void outer.spawn('nesting', () =>
          recorded.tracing.group('inner', (g) =>
            g.spawn('deep', (task) => cooperative(task.signal)),
          ),
        );
        await turn();
        throw await rejectionOf(fails());
      }),
    );
    expect(recorded.spans.tree({ attributes: [OUTCOME] })).toBe(
      [
        'map async.task.outcome=error',
        '  shard async.task.outcome=cancelled',
        '  shard async.task.outcome=error',
        'outer async.task.outcome=error',
        '  nesting async.task.outcome=cancelled',
        '    inner async.task.outcome=cancelled',
        '      deep async.task.outcome=cancelled',
      ].join('\n'),
    );
  });
});

function abortError(): Error {
  return new DOMException('aborted', 'AbortError');
}
