import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, trace } from '@opentelemetry/api';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Traced } from '../decorators/traced.decorator.js';
import { recordFunction } from '../span/span-function.js';
import { recordSpans } from '../testing/index.js';
import { bindEmitter } from './bind-emitter.js';
import { bind } from './bind.js';
import { isolated } from './isolated.js';

const spans = recordSpans();
afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
});
afterAll(() => spans.stop());

const store = new AsyncLocalStorage<string>();

function activeName(): string | undefined {
  return (trace.getActiveSpan() as { name?: string } | undefined)?.name;
}

function tenant(): string | undefined {
  return propagation.getActiveBaggage()?.getEntry('tenant')?.value;
}

function asTenant<T>(value: string, fn: () => T): T {
  const baggage = propagation.createBaggage({ tenant: { value } });
  return context.with(propagation.setBaggage(context.active(), baggage), fn);
}

/** A request of a tenant: a span, its baggage and a store of somebody else's. */
function request<T>(name: string, fn: () => T): T {
  return store.run(name, () => asTenant(name, () => recordFunction(name, {}, fn)));
}

describe('bind', () => {
  it('C1 carries trace, baggage and other stores into a callback that runs elsewhere', () => {
    const callback = request('first', () => bind(() => [activeName(), tenant(), store.getStore()]));
    expect(request('second', callback)).toEqual(['first', 'first', 'first']);
  });

  it('C1 keeps this, arguments, result, name and length', () => {
    const bound = bind(function add(this: { base: number }, a: number, b: number): number {
      return this.base + a + b;
    });
    expect([bound.call({ base: 1 }, 2, 3), bound.name, bound.length]).toEqual([6, 'add', 2]);
  });

  it('C1 says what it needs', () => {
    expect(() => bind('text' as never)).toThrow(/bind\(\) needs a function, got string/);
    expect(() => bindEmitter({} as never)).toThrow(/needs an EventEmitter/);
  });

  it("C2 keeps queued work in its own request, whoever's turn empties the queue", () => {
    const queue: (() => string | undefined)[] = [];
    for (const name of ['first', 'second', 'third'])
      request(name, () => queue.push(bind(activeName)));
    expect(request('worker', () => queue.map((job) => job()))).toEqual([
      'first',
      'second',
      'third',
    ]);
  });
});

describe('bindEmitter', () => {
  it('C1 runs listeners where they were added, not where the event is emitted', () => {
    const emitter = new EventEmitter();
    const seen: unknown[] = [];
    request('first', () => {
      bindEmitter(emitter).on('tick', () => seen.push([activeName(), tenant()]));
    });
    request('second', () => {
      emitter.prependOnceListener('tick', () => seen.push([activeName(), tenant()]));
      emitter.emit('tick');
    });
    emitter.emit('tick');
    expect(seen).toEqual([
      ['second', 'second'],
      ['first', 'first'],
      ['first', 'first'],
    ]);
  });

  it('C1 runs listeners that are added outside of any span where the emitter was bound', () => {
    const emitter = request('first', () => bindEmitter(new EventEmitter()));
    let seen: string | undefined;
    emitter.addListener('tick', () => (seen = activeName()));
    emitter.emit('tick');
    expect(seen).toBe('first');
  });

  it('C1 leaves the emitter as it was to those who use it', async () => {
    const emitter = bindEmitter(bindEmitter(new EventEmitter()));
    const listener = (): void => undefined;
    emitter.on('a', listener).prependListener('a', listener).once('b', listener);
    expect(emitter.listeners('a')).toEqual([listener, listener]);
    expect(emitter.listeners('b')).toEqual([listener]);
    emitter.off('a', listener).removeListener('a', listener).off('b', listener);
    expect(emitter.eventNames()).toEqual([]);
    const waiting = once(emitter, 'c');
    emitter.emit('c', 1);
    expect(await waiting).toEqual([1]);
    expect(emitter.listenerCount('c')).toBe(0);
  });
});

describe('isolated', () => {
  it('C4 sees trace and baggage as they are', () => {
    expect(request('first', () => isolated(() => [activeName(), tenant()]))).toEqual([
      'first',
      'first',
    ]);
  });

  it('C4 keeps inside what is set inside, enterWith included', async () => {
    const seen = await request('first', async () => {
      const branches = ['a', 'b'].map((name) =>
        isolated(async () => {
          store.enterWith(name);
          await sleep(1);
          return store.getStore();
        }),
      );
      return [...(await Promise.all(branches)), store.getStore()];
    });
    expect(seen).toEqual(['a', 'b', 'first']);
  });

  it('C4 leaves baggage alone outside', () => {
    request('first', () => {
      isolated(() => asTenant('other', () => expect(tenant()).toBe('other')));
      expect(tenant()).toBe('first');
    });
  });

  it("the seed's isolated branch: an independent snapshot under the same parent", async () => {
    await recordFunction('batch', {}, () =>
      Promise.all(
        [1, 2].map(() => isolated(() => recordFunction('process_item', {}, () => sleep(1)))),
      ),
    );
    expect(spans.tree()).toBe('batch\n  process_item\n  process_item');
  });
});

describe('a method that throws before its first await', () => {
  it('C5 leaves no context attached', async () => {
    class Eager {
      @Traced()
      async fails(): Promise<never> {
        throw new Error('at once');
      }

      @Traced()
      failsAtOnce(): never {
        throw new Error('at once');
      }
    }
    const before = context.active();
    const promise = new Eager().fails();
    expect(context.active()).toBe(before);
    await expect(promise).rejects.toThrow('at once');
    expect(() => new Eager().failsAtOnce()).toThrow('at once');
    expect(context.active()).toBe(before);
  });
});
