import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterAll(() => spans.stop());

const store = new AsyncLocalStorage<string>();

class Session {
  @Traced()
  login(user: string): void {
    store.enterWith(user);
  }

  @Traced()
  *steps(user: string): Generator<string> {
    store.enterWith(user);
    yield user;
  }

  @Traced()
  async loginLater(user: string): Promise<string | undefined> {
    store.enterWith(user);
    await Promise.resolve();
    return store.getStore();
  }
}

it('T2 what a method enters of a store of its own is there for its caller', async () => {
  const session = new Session();
  await store.run('nobody', async () => {
    session.login('ann');
    expect(store.getStore()).toBe('ann');
    for (const user of session.steps('bob')) expect(store.getStore()).toBe(user);
    expect(await session.loginLater('eve')).toBe('eve');
  });
  expect(spans.finished).toHaveLength(3);
});
