import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { trace } from '@opentelemetry/api';
import { BehaviorSubject, Observable, Subject, firstValueFrom, of } from 'rxjs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordFunction } from '../span/span-function.js';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
});
afterAll(() => spans.stop());

/** Every way in which this package looks at what the application's code returns. */
const WAYS: Record<string, <T>(value: T) => T> = {
  '@Traced on a method': (value) => {
    class OnMethod {
      @Traced('get')
      get() {
        return value;
      }
    }
    return new OnMethod().get();
  },
  '@Traced on a class': (value) => {
    @Traced({ name: () => 'get' })
    class OnClass {
      get() {
        return value;
      }
    }
    return new OnClass().get();
  },
  'span()': (value) => recordFunction('get', {}, () => value),
};

class Store extends BehaviorSubject<number> {
  readonly #log: number[] = [];

  static owns(value: object): boolean {
    return #log in value;
  }

  record(entry: number): number {
    return this.#log.push(entry);
  }
}

/** As envalid's strict proxies do: a name that was not declared is an error of its reader. */
function strictEnv(): Record<string, string> {
  return new Proxy<Record<string, string>>(
    { PORT: '80' },
    {
      get: (target, key) => {
        if (Object.hasOwn(target, key)) return Reflect.get(target, key) as string;
        throw new ReferenceError(`Env var not found: ${String(key)}`);
      },
      has: (_target, key) => {
        throw new ReferenceError(`Env var not found: ${String(key)}`);
      },
      getPrototypeOf: () => {
        throw new ReferenceError('no prototype');
      },
      defineProperty: () => {
        throw new TypeError('read-only');
      },
    },
  );
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Answers every key, as a mock or a client of an RPC service does, and notes which it was asked for. */
function answersEveryKey(asked: PropertyKey[] = []): object {
  return new Proxy(
    {},
    {
      get: (_target, key) => {
        asked.push(key);
        return (): never => {
          throw new Error(`${String(key)} was called`);
        };
      },
    },
  );
}

function withGetter(key: string, run: () => unknown): object {
  return Object.defineProperty({}, key, { get: run, configurable: true, enumerable: true });
}

function numbers(): Generator<number> {
  return (function* () {
    yield 1;
    yield 2;
  })();
}

const thrower = (): never => {
  throw new Error('a getter was run');
};

/** Objects that say no when they are asked or changed. */
const OPAQUE: Record<string, () => object> = {
  'a strict proxy': strictEnv,
  'a revoked proxy': revoked,
  'a proxy whose every property is a function': () => answersEveryKey(),
  'an object with a throwing next': () => withGetter('next', thrower),
  'an object with a throwing then': () => withGetter('then', thrower),
  'an object with a throwing lift': () => withGetter('lift', thrower),
  'an object with a throwing subscribe': () => withGetter('subscribe', thrower),
  'an object that inherits from a strict proxy': () => Object.create(strictEnv()) as object,
  'a promise with a throwing then': () =>
    Object.defineProperty(Promise.resolve(1), 'then', { get: thrower }),
  'a promise with a throwing constructor': () =>
    Object.defineProperty(Promise.resolve(1), 'constructor', { get: thrower }),
  'a frozen promise of a subclass': () =>
    Object.freeze(new (class Held extends Promise<number> {})((resolve) => resolve(1))),
  'Promise.prototype': () => Promise.prototype,
  'the prototype of thenables': () => LazyQuery.prototype,
  'a frozen thenable': () => Object.freeze(new LazyQuery()),
  'a proxy of a thenable that refuses definitions': () =>
    new Proxy(new LazyQuery(), { defineProperty: () => false }),
  'a read-only proxy of a generator': () =>
    new Proxy(numbers(), { defineProperty: thrower, set: thrower }),
  'an iterator with a fixed next': () =>
    Object.defineProperty(numbers(), 'next', { value: () => ({ done: true, value: 1 }) }),
  'a frozen generator': () => Object.freeze(numbers()),
  'a client with subscribe, pipe and lift': () => ({
    subscribe: () => 'subscribed',
    pipe: () => 'piped',
    lift: () => 'lifted',
  }),
  'a client of a class with subscribe, pipe and lift': () =>
    new (class Client {
      subscribe = thrower;
      pipe = thrower;
      lift = thrower;
    })(),
  'a subject': () => new Subject(),
  'a store': () => new Store(0),
  'a stream': () => Readable.from([1]),
  'an Observable with fields of its own': () => Object.assign(of(1), { cancel: () => true }),
  'a frozen object': () => Object.freeze({ a: 1 }),
  'an object without a prototype': () => Object.create(null) as object,
  'an object of another realm': () => runInNewContext('({ then: 1 })') as object,
};

class LazyQuery {
  executions = 0;

  then(onFulfilled?: (value: string) => unknown): Promise<unknown> {
    this.executions += 1;
    return Promise.resolve('rows').then(onFulfilled);
  }
}

for (const [way, pass] of Object.entries(WAYS)) {
  describe(`what ${way} may return`, () => {
    for (const [kind, make] of Object.entries(OPAQUE)) {
      it(`T2 passes on ${kind}: the same object, unchanged, the span ends with the call`, () => {
        const value = make();
        const before = shapeOf(value);
        expect(pass(value) === value).toBe(true);
        expect(shapeOf(value)).toEqual(before);
        expect(spans.tree()).toBe('get');
      });
    }

    it('T2 asks a proxy for nothing', () => {
      const asked: PropertyKey[] = [];
      pass(answersEveryKey(asked));
      expect(asked).toEqual([]);
    });

    it('T2 gives back a store that holds state: private members, WeakMap keys, brand checks', () => {
      const store = new Store(7);
      const known = new WeakMap([[store, 'known']]);
      const returned = pass(store);
      expect(returned.record(1)).toBe(1);
      expect(known.get(returned)).toBe('known');
      expect(Store.owns(returned)).toBe(true);
      expect(returned.value).toBe(7);
    });

    it('T2 keeps what a then resolves with, all of it, and its receiver', async () => {
      const thenable = {
        then(
          this: unknown,
          onFulfilled: (...values: unknown[]) => void,
          _: unknown,
          more?: string,
        ) {
          onFulfilled(this === thenable, 'second', more);
        },
      };
      const then = (pass(thenable) as { then(...args: unknown[]): unknown }).then;
      const values = await new Promise<unknown[]>((resolve) => {
        Reflect.apply(then, thenable, [(...all: unknown[]) => resolve(all), undefined, 'third']);
      });
      expect(values).toEqual([true, 'second', 'third']);
      expect(spans.tree()).toBe('get');
    });

    it('T2 puts an own then back as it was once it has been used', async () => {
      const then = (onFulfilled: (value: string) => void): void => onFulfilled('rows');
      // oxlint-disable-next-line unicorn/no-thenable -- being one is the point
      const thenable = { a: 1, then };
      const returned = pass(thenable);
      expect(Object.keys(returned)).toEqual(['a', 'then']);
      await (returned as unknown as PromiseLike<unknown>);
      expect(Object.getOwnPropertyDescriptor(thenable, 'then')).toEqual({
        value: then,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    });

    it('T2 does not make a callback throw that the thenable never asked for', async () => {
      // oxlint-disable-next-line unicorn/no-thenable -- being one is the point
      const sloppy = {
        then: (_: unknown, fail: (error: unknown) => void) => void setImmediate(fail),
      };
      const uncaught: unknown[] = [];
      const note = (error: unknown): void => void uncaught.push(error);
      process.on('uncaughtException', note);
      (pass(sloppy) as { then(ok: () => void): void }).then(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 5));
      process.off('uncaughtException', note);
      expect(uncaught).toEqual([]);
      expect(spans.tree()).toBe('get status=ERROR');
    });

    it('T15 makes no further instance of the class of a promise', async () => {
      let made = 0;
      class Counted<T> extends Promise<T> {
        constructor(run: (resolve: (value: T) => void, reject: (error: unknown) => void) => void) {
          made += 1;
          super(run);
        }
      }
      const promise = new Counted<string>((resolve) => resolve('value'));
      expect(pass(promise)).toBe(promise);
      await new Promise((resolve) => setImmediate(resolve));
      expect([made, Reflect.ownKeys(promise)]).toEqual([1, []]);
      expect(spans.tree()).toBe('get');
    });

    it('T2 measures what is nothing but an Observable, for each of its subscribers', async () => {
      const seen: unknown[] = [];
      const observable = pass(
        new Observable<number>((subscriber) => {
          seen.push(trace.getActiveSpan() === undefined);
          subscriber.next(1);
          subscriber.complete();
        }),
      );
      expect(Object.getPrototypeOf(observable)).toBe(Observable.prototype);
      expect(await firstValueFrom(observable)).toBe(1);
      expect(await firstValueFrom(observable)).toBe(1);
      expect(seen).toEqual([false, false]);
      expect(spans.tree()).toBe('get\nget');
    });
  });
}

/** Everything about an object that can be told without running its code. */
function shapeOf(value: object): unknown {
  try {
    return Object.getOwnPropertyDescriptors(value);
  } catch {
    return 'a proxy that refuses';
  }
}
