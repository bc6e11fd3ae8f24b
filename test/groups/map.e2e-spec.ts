import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskContext } from 'nestjs-tracing';
import { GroupTimeoutError } from 'nestjs-tracing';
import { expect, it } from 'vitest';
import { cooperative, rejectionOf, turn } from './tasks.js';
import { inEveryMode } from './tracing-modes.js';

inEveryMode('map and settled', ({ map, settled }) => {
  it('G18 map answers in the order of the items', async () => {
    const waits = [3, 1, 2];
    const work = async (turns: number): Promise<number> => {
      for (let i = 0; i < turns; i += 1) await turn();
      return turns * 10;
    };
    expect(await map('m', waits, work)).toEqual([30, 10, 20]);
    expect(await map('m', new Set(waits), { concurrency: 1 }, work)).toEqual([30, 10, 20]);
    expect(await map('m', [], work)).toEqual([]);
    expect(await map('m', 'ab', (letter) => letter.toUpperCase())).toEqual(['A', 'B']);
  });

  it('G18 map pulls from sync and async iterables only what can run', async () => {
    let pulled = 0;
    let done = 0;
    let ahead = 0;
    const work = async (): Promise<void> => {
      ahead = Math.max(ahead, pulled - done);
      await turn();
      done += 1;
    };
    function* sync(): Generator<number> {
      for (; pulled < 12;) yield ++pulled;
    }
    await map('m', sync(), { concurrency: 3 }, work);
    pulled = done = 0;
    async function* async(): AsyncGenerator<number> {
      for (; pulled < 12;) {
        await turn();
        yield ++pulled;
      }
    }
    await map('m', async(), { concurrency: 3 }, work);
    expect(ahead).toBeLessThanOrEqual(3);
    expect(done).toBe(12);
  });

  it('G18 map closes the iterable on failure, and awaits its closing', async () => {
    const log: string[] = [];
    async function* source(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i += 1) yield i;
      } finally {
        await turn();
        log.push('closed');
      }
    }
    const failure = new Error('boom');
    const work = async (item: number): Promise<void> => {
      await turn();
      if (item === 2) throw failure;
    };
    expect(await rejectionOf(map('m', source(), { concurrency: 2 }, work))).toBe(failure);
    expect(log).toEqual(['closed']);
  });

  it('G18 a source that is stuck in making an item does not hold the failure up', async () => {
    async function* source(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    const failure = new Error('boom');
    const error = await rejectionOf(
      map('m', source(), async () => {
        await turn();
        throw failure;
      }),
    );
    expect(error).toBe(failure);
  });

  it('G18 what the iterable throws is thrown, after its children were cancelled', async () => {
    const log: unknown[] = [];
    const failure = new Error('source');
    function* source(): Generator<number> {
      yield 1;
      throw failure;
    }
    const error = await rejectionOf(
      map('m', source(), (_, { signal }) =>
        cooperative(signal).catch(() => log.push(signal.reason)),
      ),
    );
    expect(error).toBe(failure);
    expect(log).toEqual([failure]);
  });

  it('G18 what closing throws is not lost', async () => {
    const [failure, closing] = [new Error('boom'), new Error('closing')];
    function* source(): Generator<number> {
      using _ = {
        [Symbol.dispose]: () => {
          throw closing;
        },
      };
      for (;;) yield 1;
    }
    const error = await rejectionOf(
      map('m', source(), { concurrency: 1, errors: 'aggregate' }, () => Promise.reject(failure)),
    );
    expect((error as AggregateError).errors).toEqual([failure, closing]);
  });

  it('G18 the source runs in the context of the group, not of the sibling that made room', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    function* source(): Generator<number> {
      for (let i = 0; i < 3; i += 1) {
        seen.push(store.getStore());
        yield i;
      }
    }
    await store.run('outside', () =>
      map('m', source(), { concurrency: 1 }, async () => {
        store.enterWith('child');
        await turn();
      }),
    );
    expect(seen).toEqual(['outside', 'outside', 'outside']);
  });

  it('G18 settled cancels nothing and keeps the order of the items', async () => {
    const failure = new Error('2');
    const results = await settled('s', [1, 2, 3], async (item, { signal }: TaskContext) => {
      for (let i = item; i < 4; i += 1) await turn();
      if (item === 2) throw failure;
      return { item, aborted: signal.aborted };
    });
    expect(results).toEqual([
      { status: 'fulfilled', value: { item: 1, aborted: false } },
      { status: 'rejected', reason: failure },
      { status: 'fulfilled', value: { item: 3, aborted: false } },
    ]);
  });

  it('G18 settled obeys its deadline', async () => {
    const error = await rejectionOf(
      settled('s', [1, 2], { timeoutMillis: 10, concurrency: 1 }, (_, { signal }) =>
        cooperative(signal),
      ),
    );
    expect(error).toBeInstanceOf(GroupTimeoutError);
  });
});
