import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterAll(() => spans.stop());

class Handle<T> extends Promise<T> {
  abort(): string {
    return 'aborted';
  }
}

class Promises {
  @Traced()
  native(): Promise<string> {
    return Promise.resolve('value');
  }

  @Traced()
  withMethods(): Promise<string> & { cancel(): string } {
    return Object.assign(Promise.resolve('value'), { cancel: () => 'cancelled' });
  }

  @Traced()
  subclass(fails: boolean): Handle<string> {
    return fails
      ? (Handle.reject(new Error('no')) as Handle<string>)
      : (Handle.resolve('value') as Handle<string>);
  }

  @Traced()
  rejecting(error: unknown): Promise<never> {
    return Promise.reject(error);
  }
}

const promises = new Promises();

describe('a promise', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  let others: NodeJS.UnhandledRejectionListener[] = [];

  beforeEach(() => {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
    unhandled.length = 0;
    spans.reset();
  });

  afterEach(() => {
    process.removeListener('unhandledRejection', note);
    for (const other of others) process.on('unhandledRejection', other);
    spans.assertNoOpenSpans();
  });

  it('T15 comes back one hop later at most', async () => {
    const order: string[] = [];
    const traced = promises.native().then(() => order.push('traced'));
    const twoHops = Promise.resolve()
      .then(() => undefined)
      .then(() => order.push('two hops'));
    await Promise.all([traced, twoHops]);
    expect(order).toEqual(['traced', 'two hops']);
    expect(promises.native().constructor).toBe(Promise);
  });

  it('T15 keeps the methods it was given', async () => {
    const promise = promises.withMethods();
    expect(promise.cancel()).toBe('cancelled');
    expect(await promise).toBe('value');
    expect(spans.named('Promises.withMethods')).toHaveLength(1);
  });

  it('T15 keeps its class, its methods and its value', async () => {
    const handle = promises.subclass(false);
    expect(handle).toBeInstanceOf(Handle);
    expect(handle.abort()).toBe('aborted');
    expect(await handle).toBe('value');
  });

  for (const kind of ['native', 'subclass'] as const) {
    const reject = (): Promise<unknown> =>
      kind === 'native' ? promises.rejecting(new Error('no')) : promises.subclass(true);

    it(`T15 reports a rejection that nobody handles once: ${kind}`, async () => {
      void reject();
      await sleep(10);
      expect(unhandled.map(String)).toEqual(['Error: no']);
      expect(spans.tree()).toContain('status=ERROR');
    });

    it(`T15 never reports a rejection that is handled: ${kind}`, async () => {
      await reject().catch(() => undefined);
      await Promise.allSettled([reject(), reject().finally(() => undefined)]);
      const late = reject();
      await Promise.resolve();
      late.catch(() => undefined);
      await sleep(10);
      expect(unhandled).toEqual([]);
    });
  }
});
