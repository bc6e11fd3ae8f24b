import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
const reported: unknown[] = [];
const note = (reason: unknown): void => void reported.push(reason);

beforeAll(() => void process.on('unhandledRejection', note));
afterEach(() => {
  spans.reset();
  reported.length = 0;
});
afterAll(async () => {
  process.off('unhandledRejection', note);
  await spans.stop();
});

const CANCEL = Symbol('cancel');

class SubPromise<T> extends Promise<T> {}

/** Hands out what it keeps. */
class Keeper {
  kept: Promise<string> | undefined;
  readonly generator = (function* numbers() {
    for (let n = 0; ; n += 1) yield n;
  })();
  readonly thenable = { then: (done: (value: string) => void) => done('ready') };
  subPromise: Promise<string> = SubPromise.resolve('sub');

  @Traced()
  async load(error?: Error): Promise<string> {
    await turn();
    if (error !== undefined) throw error;
    return 'loaded';
  }

  @Traced()
  start(promise: Promise<string>): Promise<string> {
    this.kept = promise;
    return promise;
  }

  @Traced()
  pending(): Promise<string> | undefined {
    return this.kept;
  }

  @Traced()
  refresh(error: Error): Promise<string> {
    const loading = this.load(error);
    loading.catch(() => undefined);
    return loading;
  }

  @Traced()
  numbers(): Generator<number> {
    return this.generator;
  }

  @Traced()
  whenReady(): PromiseLike<string> {
    return this.thenable as PromiseLike<string>;
  }

  @Traced()
  sub(): Promise<string> {
    return this.subPromise;
  }

  @Traced()
  cancellable(): Promise<number> & { cancel?: () => string; [CANCEL]?: () => string } {
    const promise = Promise.resolve(1);
    void Object.defineProperty(promise, 'cancel', { value: () => 'cancelled' });
    return Object.assign(promise, { [CANCEL]: () => 'cancelled' });
  }
}

const later = async (error: Error): Promise<string> => {
  await turn();
  throw error;
};

describe('@Traced: results that are handed out more than once', () => {
  it('T15 a shared promise is the same for all, and handled if one of them handles it', async () => {
    const keeper = new Keeper();
    const error = new Error('upstream is down');
    const started = keeper.start(later(error));
    expect(keeper.pending()).toBe(started);
    await expect(started).rejects.toBe(error);
    expect(keeper.pending()).toBe(started);
    await turn();
    expect(reported).toEqual([]);
    expect(spans.named('Keeper.pending')).toHaveLength(2);
    for (const span of spans.finished) expect(span.status.message).toBe(error.message);
  });

  it('T15 a promise of a traced method that another hands on is handled where it was made', async () => {
    const keeper = new Keeper();
    void keeper.refresh(new Error('stale'));
    await turn();
    await turn();
    expect(reported).toEqual([]);
    expect(spans.named('Keeper.refresh')[0]?.status.message).toBe('stale');
    expect(await keeper.start(keeper.load())).toBe('loaded');
  });

  it('T15 a shared promise that nobody handles is reported once', async () => {
    const keeper = new Keeper();
    const error = new Error('nobody cares');
    void keeper.start(later(error));
    void keeper.pending();
    void keeper.start(keeper.pending() as Promise<string>);
    await turn();
    await turn();
    expect(reported).toEqual([error]);
  });

  it('T15 a promise keeps its own methods, also those under symbols and those that are not listed', async () => {
    const promise = new Keeper().cancellable();
    expect([promise.cancel?.(), promise[CANCEL]?.()]).toEqual(['cancelled', 'cancelled']);
    expect(await promise).toBe(1);
  });

  it('T2 a generator that is kept is measured once, however often it is handed out', () => {
    const keeper = new Keeper();
    const { next } = keeper.numbers();
    for (let n = 0; n < 20_000; n += 1) expect(keeper.numbers().next().value).toBe(n);
    expect(keeper.numbers().next).toBe(next);
    keeper.numbers().return(undefined);
    expect(spans.named('Keeper.numbers')).toHaveLength(1);
  });

  it('T3 a thenable that is kept is measured by its next use alone', async () => {
    const keeper = new Keeper();
    for (let n = 0; n < 20_000; n += 1) void keeper.whenReady();
    expect(await keeper.whenReady()).toBe('ready');
    expect(await keeper.whenReady()).toBe('ready');
    expect(Object.getOwnPropertyDescriptor(keeper.thenable, 'then')?.value.name).toBe('then');
    spans.assertNoOpenSpans();
  });

  it('T15 a promise of a subclass that is kept is the same, and its rejection is raised once', async () => {
    const keeper = new Keeper();
    const error = new Error('sub');
    keeper.subPromise = new SubPromise((_, reject) => void setImmediate(reject, error));
    for (let n = 0; n < 100; n += 1) expect(keeper.sub()).toBe(keeper.subPromise);
    await turn();
    await turn();
    expect(reported).toEqual([error]);
    expect(spans.named('Keeper.sub')).toHaveLength(100);
  });
});
