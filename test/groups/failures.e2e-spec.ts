import { NotFoundException } from '@nestjs/common';
import type { TaskGroup } from 'nestjs-tracing';
import { TaskNotStartedError } from 'nestjs-tracing';
import { firstValueFrom, of } from 'rxjs';
import { expect, it } from 'vitest';
import { cooperative, gate, rejectionOf, turn, watchRejections } from './tasks.js';
import { inEveryMode } from './tracing-modes.js';

inEveryMode('failures', ({ group }) => {
  it('G4 the first failure aborts the signal with that error, before anybody hears of it', async () => {
    const failure = new Error('boom');
    const log: unknown[] = [];
    const error = await rejectionOf(
      group('g', async (g) => {
        g.signal.addEventListener('abort', () => log.push('aborted'));
        void g
          .spawn('a', async () => {
            await turn();
            throw failure;
          })
          .catch(() => log.push('handle', g.signal.aborted, g.signal.reason === failure));
        await g.spawn('b', ({ signal }) => cooperative(signal));
      }),
    );
    expect(error).toBe(failure);
    expect(log).toEqual(['aborted', 'handle', true, true]);
  });

  it('G4 aborts within spawn if the child throws at once', async () => {
    const seen: boolean[] = [];
    await rejectionOf(
      group('g', (g) => {
        void g.spawn('a', () => {
          throw new Error('boom');
        });
        seen.push(g.signal.aborted);
      }),
    );
    expect(seen).toEqual([true]);
  });

  it('G4 queued siblings never start', async () => {
    const started: string[] = [];
    const failing = gate();
    const handles: Promise<unknown>[] = [];
    await rejectionOf(
      group('g', { concurrency: 1 }, async (g) => {
        void g.spawn('a', () => failing.promise);
        for (const name of ['b', 'c']) handles.push(g.spawn(name, () => started.push(name)));
        failing.fail(new Error('boom'));
      }),
    );
    expect(started).toEqual([]);
    const [b] = handles;
    const refusal = await rejectionOf(b as Promise<unknown>);
    expect(refusal).toBeInstanceOf(TaskNotStartedError);
    expect(refusal).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', task: 'b' });
    expect((refusal as Error).cause).toMatchObject({ message: 'boom' });
  });

  it('G5 waits for the clean-up of siblings before it throws', async () => {
    const log: string[] = [];
    await rejectionOf(
      group('g', (g) => {
        void g.spawn('a', () => Promise.reject(new Error('boom')));
        void g.spawn('b', async ({ signal }) => {
          await cooperative(signal).catch(() => undefined);
          await turn();
          await turn();
          log.push('cleaned up');
        });
      }),
    );
    log.push('thrown');
    expect(log).toEqual(['cleaned up', 'thrown']);
  });

  it.each([
    ['an error', new Error('boom')],
    ['an HttpException', new NotFoundException('no such order')],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['a string', 'text'],
    ['undefined', undefined],
    ['null', null],
    ['zero', 0],
  ])('G6 throws the very thing that the child threw: %s', async (_, thrown) => {
    const error = await rejectionOf(
      group('g', async (g) => {
        void g.spawn('a', async () => {
          throw thrown;
        });
        await g.spawn('b', ({ signal }) => cooperative(signal));
      }),
    );
    expect(error).toBe(thrown);
    if (thrown instanceof NotFoundException) expect(thrown.getStatus()).toBe(404);
  });

  it('G7 keeps further failures in group.errors, in order, and throws the first', async () => {
    let errors: readonly unknown[] = [];
    const [first, second] = [new Error('first'), new Error('second, during clean-up')];
    const error = await rejectionOf(
      group('g', (g) => {
        void g.spawn('a', () => Promise.reject(first));
        void g.spawn('b', async ({ signal }) => {
          await cooperative(signal).catch(() => undefined);
          queueMicrotask(() => queueMicrotask(() => (errors = g.errors)));
          throw second;
        });
      }),
    );
    expect(error).toBe(first);
    expect(errors).toEqual([first, second]);
    expect(Object.isFrozen(errors)).toBe(true);
  });

  it("G7 errors: 'aggregate' throws all of them in the order of failure", async () => {
    const gates = [gate(), gate(), gate()];
    const caught = rejectionOf(
      group('g', { errors: 'aggregate', onError: 'continue' }, (g) => {
        for (const { promise } of gates) void g.spawn(() => promise);
      }),
    );
    const failures = ['c', 'a', 'b'].map((name) => new Error(name));
    for (const [at, failure] of [2, 0, 1].map((i, order) => [i, failures[order]] as const)) {
      gates[at]?.fail(failure);
      await turn();
    }
    const error = await caught;
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual(failures);
  });

  it("G7 onError: 'continue' lets all children finish, then throws the first failure", async () => {
    const log: string[] = [];
    const error = await rejectionOf(
      group('g', { onError: 'continue' }, (g) => {
        void g.spawn('a', () => Promise.reject(new Error('first')));
        void g.spawn('b', async ({ signal }) => {
          await turn();
          log.push(`b, aborted: ${signal.aborted}`);
        });
      }),
    );
    expect(error).toMatchObject({ message: 'first' });
    expect(log).toEqual(['b, aborted: false']);
  });

  it('G10 a throwing body cancels and awaits the children', async () => {
    const log: string[] = [];
    const failure = new Error('body');
    const error = await rejectionOf(
      group('g', async (g) => {
        void g.spawn('a', async ({ signal }) => {
          await cooperative(signal).catch(() => log.push(String(signal.reason === failure)));
          await turn();
          log.push('cleaned up');
        });
        await turn();
        throw failure;
      }),
    );
    expect(error).toBe(failure);
    expect(log).toEqual(['true', 'cleaned up']);
  });

  it('G10 an error of an awaited child counts once', async () => {
    let inside: TaskGroup | undefined;
    const failure = new Error('boom');
    const error = await rejectionOf(
      group('g', { errors: 'aggregate' }, async (g) => {
        inside = g;
        await g.spawn('a', () => Promise.reject(failure));
      }),
    );
    expect((error as AggregateError).errors).toEqual([failure]);
    expect(inside?.errors).toEqual([failure]);
  });

  it('G10 an AbortError in the body yields the failure of the child that caused it', async () => {
    const failure = new Error('boom');
    const error = await rejectionOf(
      group('g', async (g) => {
        void g.spawn('a', async () => {
          await turn();
          throw failure;
        });
        await cooperative(g.signal);
      }),
    );
    expect(error).toBe(failure);
  });

  it('G10 an AbortError that no abort of ours has caused is a failure', async () => {
    const own = new AbortController();
    let inside: TaskGroup | undefined;
    const error = await rejectionOf(
      group('g', async (g) => {
        inside = g;
        void g.spawn('a', () => cooperative(own.signal));
        await turn();
        own.abort();
      }),
    );
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(inside?.errors).toEqual([error]);
  });

  it('G11 a child that throws at once is like one that rejects: spawn does not throw', async () => {
    const handles: Promise<never>[] = [];
    const error = await rejectionOf(
      group('g', (g) => {
        handles.push(
          g.spawn('a', () => {
            throw new Error('at once');
          }),
        );
      }),
    );
    expect(error).toMatchObject({ message: 'at once' });
    expect(await rejectionOf(handles[0] as Promise<never>)).toBe(error);
  });

  it('G11 handles that nobody awaits are no unhandled rejections', async () => {
    const rejections = watchRejections();
    for (const options of [{}, { concurrency: 1 }, { concurrency: 3 }]) {
      await rejectionOf(
        group('g', options, (g) => {
          void g.spawn('sync', () => {
            throw new Error('at once');
          });
          void g.spawn('refused', () => 1);
        }),
      );
      await rejectionOf(
        group('g', options, (g) => {
          for (let i = 0; i < 5; i += 1) {
            void g.spawn('a', async () => {
              await turn();
              throw new Error(`${i}`);
            });
          }
        }),
      );
    }
    await turn();
    await turn();
    rejections.stop();
    expect(rejections.seen).toEqual([]);
  });

  it('G11 an Observable is refused, for nobody would subscribe to it', async () => {
    const error = await rejectionOf(group('g', (g) => g.spawn('http', () => of(1))));
    expect(String(error)).toMatch(/Observable.*firstValueFrom/);
    expect(await group('g', (g) => g.spawn(() => firstValueFrom(of(1))))).toBe(1);
  });
});
