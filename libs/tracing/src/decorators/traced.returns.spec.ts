import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  BehaviorSubject,
  firstValueFrom,
  lastValueFrom,
  map,
  mergeMap,
  Observable,
  range,
  take,
  throwError,
  timer,
  toArray,
} from 'rxjs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
});
afterAll(() => spans.stop());

const WORK_MILLIS = 20;

/** Waits, then calls a traced method: the span must still be open and active. */
class Work {
  @Traced('child')
  child(): string {
    return 'done';
  }
}
const work = new Work();

/** A thenable that does its work when `then` is called, as query builders do. */
class LazyQuery implements PromiseLike<string> {
  executions = 0;

  limit(): this {
    return this;
  }

  then<A = string, B = never>(
    onFulfilled?: ((value: string) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    this.executions += 1;
    return sleep(WORK_MILLIS)
      .then(() => work.child())
      .then(onFulfilled, onRejected);
  }
}

class CancellablePromise<T> extends Promise<T> {
  cancelled = false;

  cancel(): void {
    this.cancelled = true;
  }
}

function millisOf(span: ReadableSpan): number {
  return span.duration[0] * 1e3 + span.duration[1] / 1e6;
}

class Bare {
  sync(): string {
    return work.child();
  }

  async async(): Promise<string> {
    await sleep(WORK_MILLIS);
    return work.child();
  }

  promise(): Promise<string> {
    return sleep(WORK_MILLIS).then(() => work.child());
  }

  thenable(): PromiseLike<string> {
    const result = sleep(WORK_MILLIS).then(() => work.child());
    return { then: (onFulfilled, onRejected) => result.then(onFulfilled, onRejected) };
  }

  subclass(): CancellablePromise<string> {
    return new CancellablePromise((resolve, reject) => {
      sleep(WORK_MILLIS)
        .then(() => work.child())
        .then(resolve, reject);
    });
  }

  observable(): Observable<string> {
    return timer(WORK_MILLIS).pipe(map(() => work.child()));
  }

  *generator(): Generator<string, string> {
    yield work.child();
    return 'done';
  }

  async *asyncGenerator(): AsyncGenerator<string, string> {
    await sleep(WORK_MILLIS);
    yield work.child();
    return 'done';
  }
}

/** The same bodies, each method traced. */
class Decorated extends Bare {}
for (const key of Object.getOwnPropertyNames(Bare.prototype)) {
  if (key === 'constructor') continue;
  const descriptor = Object.getOwnPropertyDescriptor(Bare.prototype, key);
  const traced = { ...descriptor };
  const decorated = (Traced() as MethodDecorator)(Decorated.prototype, key, traced) ?? traced;
  Object.defineProperty(Decorated.prototype, key, decorated);
}

/** Uses a result as its consumer would, and answers what came out. */
const consume: Record<string, (target: Bare) => unknown> = {
  sync: (target) => target.sync(),
  async: (target) => target.async(),
  promise: (target) => target.promise(),
  thenable: async (target) => await target.thenable(),
  subclass: async (target) => await target.subclass(),
  observable: (target) => lastValueFrom(target.observable()),
  generator: (target) => [...target.generator()],
  asyncGenerator: (target) => Array.fromAsync(target.asyncGenerator()),
};

describe('the battery of return types', () => {
  for (const [kind, use] of Object.entries(consume)) {
    it(`T2 ${kind}: same result as bare, one span over the whole work, the child inside it`, async () => {
      const bare = await use(new Bare());
      spans.reset();
      for (let call = 0; call < 3; call++) {
        expect(await use(new Decorated())).toEqual(bare);
        expect(spans.tree()).toBe(`Decorated.${kind}\n  child`);
        const least = kind === 'sync' || kind === 'generator' ? 0 : WORK_MILLIS - 2;
        expect(millisOf(spans.one(`Decorated.${kind}`))).toBeGreaterThanOrEqual(least);
        spans.reset();
      }
    });
  }
});

class Lazy {
  readonly query = new LazyQuery();
  readonly subject = new BehaviorSubject(1);

  @Traced()
  find(): LazyQuery {
    return this.query;
  }

  @Traced()
  values(): Observable<string> {
    return timer(WORK_MILLIS).pipe(map(() => work.child()));
  }

  @Traced()
  undeclared() {
    return range(1, 1e9);
  }

  @Traced()
  state(): BehaviorSubject<number> {
    return this.subject;
  }

  @Traced()
  failing(): Observable<never> {
    return throwError(() => new Error('late'));
  }

  @Traced({ result: (last: number) => ({ last }) })
  counted(): Observable<number> {
    return range(1, 3);
  }

  @Traced()
  *numbers(): Generator<number, void> {
    try {
      yield 1;
      work.child();
      yield 2;
    } finally {
      work.child();
    }
  }

  @Traced()
  async *ticks(): AsyncGenerator<number, void> {
    yield 1;
    await sleep(1);
    throw new Error('ran dry');
  }
}

describe('an Observable', () => {
  it('T2 has no span if it is never subscribed', async () => {
    new Lazy().values();
    await sleep(5);
    expect(spans.finished).toEqual([]);
  });

  it('T2 has a span for each subscriber, from subscribe on', async () => {
    const values = new Lazy().values();
    await sleep(WORK_MILLIS);
    const subscribedAt = Date.now();
    await Promise.all([lastValueFrom(values), lastValueFrom(values)]);
    const both = spans.named('Lazy.values');
    expect(both).toHaveLength(2);
    for (const { startTime } of both) {
      expect(startTime[0] * 1e3 + startTime[1] / 1e6).toBeGreaterThanOrEqual(subscribedAt);
    }
  });

  it('T2 ends its span when the consumer unsubscribes', async () => {
    new Lazy().values().subscribe().unsubscribe();
    await sleep(2 * WORK_MILLIS);
    expect(spans.tree()).toBe('Lazy.values');
  });

  it('T2 keeps the error and ends its span with it', async () => {
    await expect(firstValueFrom(new Lazy().failing())).rejects.toThrow('late');
    expect(spans.tree()).toBe('Lazy.failing status=ERROR');
  });

  it('T2 stops a synchronous producer as soon as the consumer has enough', async () => {
    const lazy = new Lazy();
    for (let call = 0; call < 2; call++) {
      expect(await lastValueFrom(lazy.undeclared().pipe(take(3), toArray()))).toEqual([1, 2, 3]);
    }
    expect(spans.named('Lazy.undeclared')).toHaveLength(2);
  });

  it('T2 leaves the span at the method: what comes downstream belongs to the caller', async () => {
    const active = await lastValueFrom(
      new Lazy().values().pipe(mergeMap(() => [trace.getActiveSpan()])),
    );
    expect(active).toBeUndefined();
  });

  it('T2 stays what it is: a subject can be read and written', () => {
    const lazy = new Lazy();
    const state = lazy.state();
    expect(state).toBeInstanceOf(BehaviorSubject);
    state.next(2);
    expect([state.value, lazy.subject.value]).toEqual([2, 2]);
  });

  it('T10 hands its last value to the result attributes', async () => {
    await lastValueFrom(new Lazy().counted());
    expect(spans.one('Lazy.counted').attributes['last']).toBe(3);
  });
});

describe('a generator', () => {
  it('T2 has no span if it is never started', () => {
    const numbers = new Lazy().numbers();
    numbers.return();
    expect([...numbers]).toEqual([]);
    expect(spans.finished).toEqual([]);
  });

  it('T2 ends its span on an early return, with its clean-up inside', () => {
    for (const number of new Lazy().numbers()) if (number === 1) break;
    expect(spans.tree()).toBe('Lazy.numbers\n  child');
  });

  it('T2 runs only its body inside the span, not its consumer', () => {
    const seen = [...new Lazy().numbers()].map(() => trace.getActiveSpan());
    expect(seen).toEqual([undefined, undefined]);
  });

  it('T2 ends its span with what its body throws', async () => {
    await expect(Array.fromAsync(new Lazy().ticks())).rejects.toThrow('ran dry');
    expect(spans.tree()).toBe('Lazy.ticks status=ERROR');
  });

  it('T2 comes back as a generator', () => {
    const numbers = new Lazy().numbers();
    expect(Object.prototype.toString.call(numbers)).toBe('[object Generator]');
    expect(numbers[Symbol.iterator]()).toBe(numbers);
  });
});

describe('a lazy thenable', () => {
  it('T3 is not triggered, and comes back as the same object', async () => {
    const lazy = new Lazy();
    expect(lazy.find().limit()).toBe(lazy.query);
    await sleep(5);
    expect(lazy.query.executions).toBe(0);
    expect(spans.finished).toEqual([]);
  });

  it('T3 is executed once and measured when it is awaited', async () => {
    const lazy = new Lazy();
    expect(await lazy.find().limit()).toBe('done');
    expect(lazy.query.executions).toBe(1);
    expect(spans.tree()).toBe('Lazy.find\n  child');
    expect(millisOf(spans.one('Lazy.find'))).toBeGreaterThanOrEqual(WORK_MILLIS - 2);
  });

  it('T3 looks as it did once it was awaited', async () => {
    const lazy = new Lazy();
    await lazy.find();
    expect(Object.hasOwn(lazy.query, 'then')).toBe(false);
  });

  it('T3 calls back in the context of whoever called then', async () => {
    const active = await new Promise((resolve) => {
      new Lazy().find().then(() => resolve(trace.getActiveSpan()));
    });
    expect(active).toBeUndefined();
  });
});
