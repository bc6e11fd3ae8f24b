import type { TaskGroup } from 'nestjs-tracing';
import { GroupClosedError, TaskNotStartedError } from 'nestjs-tracing';
import { expect, it, vi } from 'vitest';
import { cooperative, rejectionOf } from './tasks.js';
import { inEveryMode } from './tracing-modes.js';

inEveryMode('after the end', ({ group }) => {
  it('G12 spawn throws after the end and names the group', async () => {
    let late: TaskGroup | undefined;
    await group('orders', (g) => {
      late = g;
    });
    expect(() => late?.spawn('x', () => 1)).toThrow(GroupClosedError);
    expect(() => late?.spawn('x', () => 1)).toThrow(/"orders"/);
  });

  it('G12 spawn rejects after a cancellation and never calls its function', async () => {
    const fn = vi.fn(() => 1);
    for (const options of [{}, { concurrency: 2 }]) {
      await group('g', options, async (g) => {
        g.cancel('enough');
        const error = await rejectionOf(g.spawn('x', fn));
        expect(error).toBeInstanceOf(TaskNotStartedError);
        expect((error as Error).cause).toBe('enough');
      });
    }
    expect(fn).not.toHaveBeenCalled();
  });

  it('cancel() is idempotent, is no failure, and does nothing after the end', async () => {
    let late: TaskGroup | undefined;
    const winner = await group('race', async (g) => {
      late = g;
      const fast = g.spawn('fast', async () => 'fast');
      void g.spawn('slow', ({ signal }) => cooperative(signal));
      const first = await fast;
      g.cancel('have a winner');
      g.cancel('again');
      expect(g.signal.reason).toBe('have a winner');
      return first;
    });
    expect(winner).toBe('fast');
    late?.cancel('too late');
    expect(late?.errors).toEqual([]);
  });

  it('cancel() makes a body that cannot go on reject with the reason', async () => {
    const error = await rejectionOf(
      group('g', async (g) => {
        const child = g.spawn('a', ({ signal }) => cooperative(signal));
        g.cancel();
        await child;
      }),
    );
    expect(error).toMatchObject({ name: 'AbortError' });
  });
});
