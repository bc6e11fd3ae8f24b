import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { Logger } from '@nestjs/common';
import type { TaskGroup } from 'nestjs-tracing';
import { GroupTimeoutError } from 'nestjs-tracing';
import { expect, it, vi } from 'vitest';
import { cooperative, gate, rejectionOf, turn } from './tasks.js';
import { inEveryMode } from './tracing-modes.js';

inEveryMode('nesting, deadlines, signals', ({ group, map, settled }) => {
  it('G15 an inner group is cancelled with the outer, which waits for it', async () => {
    const log: string[] = [];
    const failure = new Error('outer failure');
    const error = await rejectionOf(
      group('outer', (outer) => {
        void outer.spawn('nesting', () =>
          group('inner', (inner) =>
            inner.spawn('deep', async ({ signal }) => {
              await cooperative(signal).catch(() => undefined);
              log.push(String(signal.reason === failure));
              await turn();
              log.push('deep cleaned up');
            }),
          ),
        );
        void outer.spawn('failing', async () => {
          await turn();
          throw failure;
        });
      }),
    );
    expect(error).toBe(failure);
    expect(log).toEqual(['true', 'deep cleaned up']);
  });

  it('G15 an inner failure that is caught does not cancel the outer', async () => {
    const result = await group('outer', async (outer) => {
      const inner = await outer.spawn('nesting', () =>
        group('inner', (g) => g.spawn(() => Promise.reject(new Error('inner')))).catch(
          () => 'caught',
        ),
      );
      return [inner, outer.signal.aborted];
    });
    expect(result).toEqual(['caught', false]);
  });

  it('G16 a deadline rejects with an error that names group and limit', async () => {
    const reasons: unknown[] = [];
    const error = await rejectionOf(
      group('slow report', { timeoutMillis: 20 }, async (g) => {
        await g.spawn('a', ({ signal }) =>
          cooperative(signal).catch(() => reasons.push(signal.reason)),
        );
      }),
    );
    expect(error).toBeInstanceOf(GroupTimeoutError);
    expect(error).toMatchObject({
      name: 'TimeoutError',
      group: 'slow report',
      timeoutMillis: 20,
    });
    expect(String(error)).toMatch(/"slow report".*20 ms/);
    expect(reasons).toEqual([error]);
  });

  it('G16 a nested deadline never extends the outer one', async () => {
    const error = await rejectionOf(
      group('outer', { timeoutMillis: 20 }, (outer) =>
        outer.spawn('nesting', () =>
          group('inner', { timeoutMillis: 60_000 }, (inner) =>
            inner.spawn('deep', ({ signal }) => cooperative(signal)),
          ),
        ),
      ),
    );
    expect(error).toMatchObject({ group: 'outer' });
  });

  it('G16 an inner deadline fails its own group only', async () => {
    const result = await group('outer', { timeoutMillis: 60_000 }, (outer) =>
      outer.spawn('nesting', () =>
        group('inner', { timeoutMillis: 10 }, (inner) =>
          inner.spawn('deep', ({ signal }) => cooperative(signal)),
        ).catch((error: unknown) => error),
      ),
    );
    expect(result).toMatchObject({ name: 'TimeoutError', group: 'inner' });
  });

  it('G16 nothing starts if the signal is aborted already', async () => {
    const body = vi.fn();
    const reason = new Error('client gone');
    const signal = AbortSignal.abort(reason);
    expect(await rejectionOf(group('g', { signal }, body))).toBe(reason);
    const pulled = vi.fn(function* () {
      yield 1;
    });
    expect(await rejectionOf(map('m', pulled(), { signal }, body))).toBe(reason);
    expect(await rejectionOf(settled('s', [1], { signal }, body))).toBe(reason);
    expect(body).not.toHaveBeenCalled();
  });

  it('G16 the signal cancels what runs, and the group rejects with its reason', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const running = group('g', { signal }, async (g) => {
      await Promise.allSettled([g.spawn('a', (task) => cooperative(task.signal))]);
      return 'value';
    });
    await turn();
    controller.abort('client gone');
    expect(await rejectionOf(running)).toBe('client gone');
  });

  it('G16 a signal that aborts during the clean-up loses no error and hurries nothing', async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const failure = new Error('boom');
    const cleanup = new Error('clean-up failed');
    let inside: TaskGroup | undefined;
    const error = await rejectionOf(
      group('g', { signal: controller.signal }, (g) => {
        inside = g;
        void g.spawn('a', () => Promise.reject(failure));
        void g.spawn('b', async ({ signal }) => {
          await cooperative(signal).catch(() => undefined);
          controller.abort(new Error('client gone'));
          await turn();
          log.push('cleaned up');
          throw cleanup;
        });
      }),
    );
    expect(error).toBe(failure);
    expect(inside?.errors).toEqual([failure, cleanup]);
    expect(log).toEqual(['cleaned up']);
  });

  it('G17 a child that ignores the signal is warned about by name', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const stubborn = gate();
    const running = group('g', { graceMillis: 15 }, (g) => {
      void g.spawn('failing', () => Promise.reject(new Error('boom')));
      void g.spawn('stubborn', () => stubborn.promise);
    });
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1));
    stubborn.open();
    await rejectionOf(running);
    expect(warn.mock.calls[0]?.[0]).toMatch(/Group "g" was cancelled.*still waits for "stubborn"/);
  });

  it('G17 children that stop in time are not', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await rejectionOf(
      group('g', { graceMillis: 15 }, (g) => {
        void g.spawn('failing', () => Promise.reject(new Error('boom')));
        void g.spawn('obedient', ({ signal }) => cooperative(signal));
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(warn).not.toHaveBeenCalled();
  });

  it('G19 abort listeners run in the context of the group', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    await rejectionOf(
      store.run('outside', () =>
        group('g', (g) => {
          g.signal.addEventListener('abort', () => seen.push(store.getStore()));
          void g.spawn('failing', async () => {
            store.enterWith('failing sibling');
            await turn();
            throw new Error('boom');
          });
        }),
      ),
    );
    expect(seen).toEqual(['outside']);
  });

  it('G19 five hundred children on one signal raise no warning', async () => {
    const warnings: string[] = [];
    const listener = ({ name }: Error): number => warnings.push(name);
    process.on('warning', listener);
    await rejectionOf(
      group('g', (g) => {
        for (let i = 0; i < 500; i += 1) void g.spawn(({ signal }) => cooperative(signal));
        void g.spawn(() => Promise.reject(new Error('boom')));
      }),
    );
    await turn();
    process.off('warning', listener);
    expect(warnings).toEqual([]);
  });

  it('G19 a thousand groups on one signal leave no listener', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 1000; i += 1) {
      await group('g', { signal, timeoutMillis: 60_000 }, (g) => g.spawn(() => i));
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
