import { AsyncLocalStorage } from 'node:async_hooks';
import { BehaviorSubject, of } from 'rxjs';
import { expect, it } from 'vitest';
import { turn } from './tasks.js';
import { inEveryMode } from './tracing-modes.js';

/** As a query builder: what is awaited is executed. */
function lazyQuery<T>(execute: () => T): PromiseLike<T> {
  const then = (resolve: (rows: T) => void): void => resolve(execute());
  // oxlint-disable-next-line unicorn/no-thenable -- being one is the point
  return Object.defineProperty({}, 'then', { value: then }) as PromiseLike<T>;
}

class Store extends BehaviorSubject<number> {
  readonly #log: number[] = [];

  record(entry: number): number {
    return this.#log.push(entry);
  }
}

inEveryMode('results', ({ group }) => {
  it('G1 returns what the body returns, and spawn what the child returns', async () => {
    const result: { user: string; orders: number[]; sync: boolean } = await group(
      'profile',
      async (g) => {
        const user = g.spawn('user', async () => 'ada');
        const orders = g.spawn(() => Promise.resolve([1, 2]));
        return { user: await user, orders: await orders, sync: await g.spawn(() => true) };
      },
    );
    expect(result).toEqual({ user: 'ada', orders: [1, 2], sync: true });
    expect(await group('sync body', () => 7)).toBe(7);
  });

  it('G1 executes a lazy thenable once, inside of the child', async () => {
    const executions: unknown[] = [];
    const store = new AsyncLocalStorage<string>();
    const query = lazyQuery(() => {
      executions.push(store.getStore());
      return 'rows';
    });
    const rows = await group('g', (g) => store.run('child', () => g.spawn('query', () => query)));
    expect(rows).toBe('rows');
    expect(executions).toEqual(['child']);
  });

  it('G1 gives back what a child returns as it is, and asks it for no more than await does', async () => {
    const asked: PropertyKey[] = [];
    const strict = new Proxy(
      {},
      {
        get: (_target, key) => {
          asked.push(key);
          if (key === 'then') return undefined;
          throw new ReferenceError(`Env var not found: ${String(key)}`);
        },
      },
    );
    const store = new Store(7);
    const [env, same] = await group('g', async (g) => [
      await g.spawn('env', () => strict),
      await g.spawn('store', () => ({ store })),
    ]);
    expect(env === strict).toBe(true);
    expect((same as { store: Store }).store.record(1)).toBe(1);
    expect(new Set(asked)).toEqual(new Set(['then']));
  });

  it('G11 fails a child that returns an Observable, whatever its class, and no client that looks like one', async () => {
    const client = { subscribe: turn, lift: turn, pipe: turn };
    expect(await group('g', (g) => g.spawn('client', () => client))).toBe(client);
    for (const stream of [of(1), new Store(1)]) {
      await expect(group('g', (g) => g.spawn('stream', () => stream))).rejects.toThrow(
        'A task answered an Observable',
      );
    }
  });

  it('G5 settles only after every child, also those that nobody awaits', async () => {
    const log: string[] = [];
    await group('g', (g) => {
      void g.spawn('slow', async () => {
        await turn();
        await turn();
        log.push('slow child');
      });
      log.push('body');
    });
    log.push('after');
    expect(log).toEqual(['body', 'slow child', 'after']);
  });

  it('G13 children spawn children, also after the body returned', async () => {
    const log: string[] = [];
    await group('g', (g) => {
      void g.spawn('first', async () => {
        await turn();
        void g.spawn('second', async () => {
          await turn();
          log.push('second');
          void g.spawn('third', () => log.push('third'));
        });
        log.push('first');
      });
    });
    expect(log).toEqual(['first', 'second', 'third']);
  });

  it('G13 what awaits the last child may still spawn', async () => {
    const log: string[] = [];
    for (const concurrency of [1, 2, undefined]) {
      await group('g', concurrency === undefined ? {} : { concurrency }, (g) => {
        const first = g.spawn('first', () => turn());
        void (async () => {
          await first;
          await g.spawn('next', () => turn());
          log.push('next');
        })();
      });
    }
    expect(log).toEqual(['next', 'next', 'next']);
  });
});
