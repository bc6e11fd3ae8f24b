import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { rejectionOf, turn } from './tasks.js';
import { inEveryMode } from './tracing-modes.js';

inEveryMode('concurrency', ({ group }) => {
  it('G14 never runs more than n, in the order of spawning, a failure frees its slot', async () => {
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await rejectionOf(
      group('g', { concurrency: 3, onError: 'continue' }, (g) => {
        for (let i = 0; i < 20; i += 1) {
          void g.spawn(`${i}`, async () => {
            order.push(i);
            most = Math.max(most, ++running);
            await turn();
            running -= 1;
            if (i % 3 === 0) throw new Error(`${i}`);
          });
        }
      }),
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('G14 a queued child sees the stores of its spawner, not of the sibling that finished', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    await group('g', { concurrency: 1 }, (g) => {
      for (const name of ['a', 'b', 'c']) {
        void store.run(name, () =>
          g.spawn(name, async () => {
            await turn();
            seen.push(store.getStore());
            store.enterWith('leaked');
          }),
        );
      }
      void g.spawn('none', () => seen.push(store.getStore()));
    });
    expect(seen).toEqual(['a', 'b', 'c', undefined]);
  });

  it('G14 what a child sets in a store is seen neither by siblings nor by the body', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    await store.run('outside', () =>
      group('g', async (g) => {
        await g.spawn('a', () => store.enterWith('from a'));
        seen.push(store.getStore());
        await g.spawn('b', () => seen.push(store.getStore()));
      }).then(() => seen.push(store.getStore())),
    );
    expect(seen).toEqual(['outside', 'outside', 'outside']);
  });

  it('G14 a child that awaits its own queued sibling does not hang', async () => {
    const log: string[] = [];
    const result = await group('g', { concurrency: 1 }, (g) =>
      g.spawn('parent', async () => {
        log.push('parent');
        void g.spawn('before', () => log.push('before'));
        const value = await g.spawn('sibling', async () => {
          log.push('sibling');
          return g.spawn('grandchild', async () => {
            await turn();
            return 42;
          });
        });
        log.push('parent again');
        return value;
      }),
    );
    expect(result).toBe(42);
    expect(log).toEqual(['parent', 'before', 'sibling', 'parent again']);
  });

  it('G14 children that await each other through a nested group do not hang either', async () => {
    const result = await group('outer', { concurrency: 2 }, async (g) => {
      const parent = (name: string): Promise<string> =>
        g.spawn(name, () =>
          group('inner', (inner) =>
            inner.spawn('deep', async () => `${name}, ${await g.spawn('leaf', () => 'leaf')}`),
          ),
        );
      return Promise.all([parent('a'), parent('b'), parent('c')]);
    });
    expect(result).toEqual(['a, leaf', 'b, leaf', 'c, leaf']);
  });

  it('G14 a child that awaits a sibling while others run keeps its slot', async () => {
    const count = counter();
    await group('g', { concurrency: 2 }, (g) => {
      void g.spawn('waits', () =>
        count.during(async () => {
          await g.spawn('last', () => count.during(turn));
        }),
      );
      for (let i = 0; i < 6; i += 1) void g.spawn('busy', () => count.during(turn));
    });
    expect(count.most).toBe(2);
  });

  it('G14 a child that awaits a sibling which has ended keeps its slot too', async () => {
    const count = counter();
    await group('g', { concurrency: 1 }, (g) => {
      const first = g.spawn('first', () => count.during(turn));
      for (let i = 0; i < 3; i += 1) {
        void g.spawn('after', () => count.during(async () => (await first, turn())));
      }
    });
    expect(count.most).toBe(1);
  });
});

/** How many ran at the same time. */
function counter() {
  let running = 0;
  const count = {
    most: 0,
    async during(work: () => Promise<void>): Promise<void> {
      count.most = Math.max(count.most, ++running);
      await work();
      running -= 1;
    },
  };
  return count;
}
