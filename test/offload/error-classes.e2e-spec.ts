import type { OffloadBackend } from 'nestjs-tracing/offload';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as shop from './fixtures/shop.task.mjs';
import type { Offloading } from './offloading.js';
import { rejection, startOffloading } from './offloading.js';
import { startHosts } from '../bullmq/support/shop-hosts.js';

/** Where a task may run: each gives the same errors. */
const PLACES: readonly [place: string, start: () => Promise<Running | undefined>][] = [
  ['on worker threads', () => run('piscina')],
  ['inline', () => run('inline')],
  ['on another machine', () => runOnHosts('pool')],
  ["on another machine's own thread", () => runOnHosts('process')],
];

interface Running {
  readonly app: Offloading;
  close(): Promise<void>;
}

async function run(backend: 'piscina' | 'inline' | OffloadBackend): Promise<Running> {
  const app = await startOffloading({ backend });
  return { app, close: () => app.close() };
}

async function runOnHosts(runOn: 'pool' | 'process'): Promise<Running | undefined> {
  const hosts = await startHosts({ runOn });
  if (hosts === undefined) return undefined;
  const { app, close } = await run(hosts.backend);
  return { app, close: () => close().then(hosts.close) };
}

describe.each(PLACES)('a class of errors that the file of a task exports (%s)', (place, start) => {
  let running: Running | undefined;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(() => running?.close());

  const fail = async (how: string): Promise<unknown> => {
    const { app } = running!;
    app.spans.reset();
    return rejection(app.tracing.offload(shop.sell, how));
  };

  it('arrives as it is: instanceof, methods and own fields, with its causes', async ({ skip }) => {
    if (running === undefined) skip('Redis is not there');
    const made = shop.made.count;
    const error = (await fail('exported')) as shop.SoldOutError;
    expect(error).toBeInstanceOf(shop.SoldOutError);
    expect(error).toBeInstanceOf(shop.ShopError);
    expect(Object.getPrototypeOf(error)).toBe(shop.SoldOutError.prototype);
    expect(error).toMatchObject({ name: 'SoldOutError', item: 'tea', strict: 1 });
    expect(error.describe()).toBe('shop: tea is sold out');
    expect(error.stack).toContain('shop.task.mjs');
    expect(error.cause).toBeInstanceOf(shop.ShopError);
    expect(error.cause).not.toBeInstanceOf(shop.SoldOutError);
    expect(error.cause).toMatchObject({ message: 'inside' });
    // Inline the task itself makes two here; none is made by arriving.
    expect(shop.made.count - made).toBe(place === 'inline' ? 2 : 0);
    expect(running!.app.spans.one('offload sell').attributes['error.type']).toBe('SoldOutError');
  });

  it('is found by the export, whatever the class is called', async ({ skip }) => {
    if (running === undefined) skip('Redis is not there');
    const error = await fail('renamed');
    expect(Object.getPrototypeOf(error)).toBe(shop.RenamedError.prototype);
  });

  it('is found among the errors of an AggregateError, and may be one', async ({ skip }) => {
    if (running === undefined) skip('Redis is not there');
    const error = (await fail('many')) as AggregateError;
    expect(Object.getPrototypeOf(error)).toBe(shop.ManyErrors.prototype);
    const [first, second, third] = error.errors as [unknown, unknown, unknown];
    expect(Object.getPrototypeOf(first)).toBe(shop.SoldOutError.prototype);
    expect(Object.getPrototypeOf(second)).toBe(RangeError.prototype);
    expect(third).toBe('text');
  });

  it("may be below one of Nest's", async ({ skip }) => {
    if (running === undefined) skip('Redis is not there');
    const error = (await fail('nest')) as shop.NoSuchItem;
    expect(error).toBeInstanceOf(shop.NoSuchItem);
    expect(error.getStatus()).toBe(404);
    expect(error.getResponse()).toEqual({ message: 'no such item', item: 7 });
  });

  it('stands for one below it that is not exported, which is else as it always was', async ({
    skip,
  }) => {
    if (running === undefined) skip('Redis is not there');
    expect(Object.getPrototypeOf(await fail('hiddenBelow'))).toBe(shop.SoldOutError.prototype);
    expect(Object.getPrototypeOf(await fail('hidden'))).toBe(RangeError.prototype);
  });

  it('may have accessors that cannot be read without its constructor', async ({ skip }) => {
    if (running === undefined) skip('Redis is not there');
    const error = await fail('privateName');
    expect(error).toBeInstanceOf(shop.PrivateName);
    expect(error).toMatchObject({ name: 'of its own', message: 'private' });
  });
});
