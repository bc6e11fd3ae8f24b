import { Injectable, Scope } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { ContextIdFactory } from '@nestjs/core';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import axios from 'axios';
import { Detached, NoTrace, Traced } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { Observable, firstValueFrom, from, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { AutomaticApp } from './support/automatic-app.js';
import { startAutomatic } from './support/automatic-app.js';

const HOOKS: string[] = [];

class Base {
  inherited(): string {
    return 'base';
  }
}

@Injectable()
class Orders extends Base implements OnModuleInit {
  #secret = 41;
  count = 0;

  constructor() {
    super();
    this.count = 1;
  }

  get total(): number {
    throw new Error('a getter that must not be read');
  }

  onModuleInit(): void {
    HOOKS.push('init');
    this.onApplicationBootstrap();
  }

  onApplicationBootstrap(): void {
    HOOKS.push('bootstrap');
  }

  secret(): number {
    return (this.#secret += 1);
  }

  sync(...args: unknown[]): unknown[] {
    return args;
  }

  async later(): Promise<string> {
    await Promise.resolve();
    return 'later';
  }

  thenable(): PromiseLike<number> {
    return { then: (done) => Promise.resolve(7).then(done) };
  }

  stream(): Observable<number> {
    return from([1, 2, 3]);
  }

  *numbers(): Generator<number> {
    yield 1;
    this.sync();
    yield 2;
  }

  async *laterNumbers(): AsyncGenerator<number> {
    yield await Promise.resolve(1);
  }

  fails(): never {
    throw ERROR;
  }

  async failsLater(): Promise<never> {
    await Promise.resolve();
    throw ERROR;
  }

  fact(of: number): number {
    return of < 2 ? 1 : of * this.fact(of - 1);
  }

  async waits(): Promise<string | undefined> {
    await new Promise((resolve) => setImmediate(resolve));
    return trace.getActiveSpan()?.spanContext().spanId;
  }

  toJSON(): object {
    return { count: this.count };
  }

  where(): string {
    return new Error('here').stack ?? '';
  }
}

const ERROR = Object.freeze(new Error('frozen'));

@Injectable()
class Decorated {
  @Traced('by hand')
  traced(): void {}

  @Detached()
  detached(): void {}

  @NoTrace()
  untraced(): void {}
}

@Traced()
@Injectable()
class DecoratedClass extends Base {
  own(): void {}
}

@NoTrace()
@Injectable()
class UntracedClass {
  own(): void {}
}

class Ledger extends Map<string, number> {
  total(): number {
    return [...this.values()].reduce((sum, each) => sum + each, 0);
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  whoAmI(): string {
    return 'one of many';
  }
}

const callable = Object.assign(() => 'called', { again: () => 'again' });

describe('automatic spans of methods', () => {
  const spans = recordSpans();
  let running: AutomaticApp;
  let orders: Orders;

  beforeAll(async () => {
    running = await startAutomatic({
      providers: [
        Orders,
        { provide: 'ALIAS', useExisting: Orders },
        Decorated,
        DecoratedClass,
        UntracedClass,
        PerRequest,
        { provide: 'LEDGER', useFactory: () => new Ledger([['a', 1]]) },
        { provide: 'MAP', useValue: new Map([['a', 1]]) },
        { provide: 'SET', useValue: new Set([1]) },
        { provide: 'PROMISE', useFactory: () => Promise.resolve('kept') },
        { provide: 'AXIOS', useValue: axios.create() },
        { provide: 'CALLABLE', useValue: callable },
      ],
    });
    orders = running.app.get(Orders);
  });
  afterEach(() => spans.reset());
  afterAll(async () => {
    await running.close();
    await spans.stop();
  });

  const inSpan = <T>(work: () => T): T => running.tracing.span('parent', work);
  const names = (): string[] => spans.finished.map(({ name }) => name);

  it('AU2 leaves identity, prototype, keys and JSON as they are', () => {
    expect(running.app.get('ALIAS')).toBe(orders);
    expect(orders).toBeInstanceOf(Orders);
    expect(orders.constructor).toBe(Orders);
    expect(Object.getPrototypeOf(orders)).toBe(Orders.prototype);
    expect(Object.keys(orders)).toEqual(['count']);
    expect(Object.keys(Orders.prototype)).toEqual([]);
    expect(JSON.stringify(orders)).toBe('{"count":1}');
    expect([orders.sync.name, orders.fact.length]).toEqual(['sync', 1]);
    expect(() => Reflect.construct(orders.sync, [])).toThrow(TypeError);
  });

  it('AU2 keeps the kinds of functions: by class, tag and prototype', () => {
    const kinds = [orders.sync, orders.later, orders.numbers, orders.laterNumbers].map((method) => [
      method.constructor.name,
      Object.prototype.toString.call(method),
    ]);
    expect(kinds).toEqual([
      ['Function', '[object Function]'],
      ['AsyncFunction', '[object AsyncFunction]'],
      ['GeneratorFunction', '[object GeneratorFunction]'],
      ['AsyncGeneratorFunction', '[object AsyncGeneratorFunction]'],
    ]);
    expect(orders.numbers()).toBeInstanceOf(orders.numbers);
    expect(orders.laterNumbers()).toBeInstanceOf(orders.laterNumbers);
    expect('prototype' in orders.later).toBe(false);
  });

  it("AU2 leaves the application's frames in a stack as they are, in their order", () => {
    const frames = inSpan(() => orders.where())
      .split('\n')
      .filter((line) => line.includes('methods.e2e-spec'));
    expect(frames[0]).toMatch(/at Orders\.where/);
    expect(frames.length).toBeGreaterThan(1);
  });

  it('AU3 covers what a method returns, of every kind', async () => {
    const own = [1, { a: 1 }];
    expect(inSpan(() => orders.sync(...own))).toEqual(own);
    await expect(inSpan(() => orders.later())).resolves.toBe('later');
    const thenable = inSpan(() => orders.thenable());
    await expect(Promise.resolve(thenable)).resolves.toBe(7);
    await inSpan(async () => {
      expect(await firstValueFrom(orders.stream().pipe(toArray()))).toEqual([1, 2, 3]);
      expect([...orders.numbers()]).toEqual([1, 2]);
      for await (const each of orders.laterNumbers()) expect(each).toBe(1);
    });
    const expected = ['sync', 'later', 'thenable', 'stream', 'numbers', 'laterNumbers'];
    for (const key of expected) expect(names()).toContain(`Orders.${key}`);
    const [numbers] = spans.named('Orders.numbers');
    expect(spans.childrenOf(numbers!).map(({ name }) => name)).toEqual(['Orders.sync']);
    spans.assertNoOpenSpans();
  });

  it('AU3 nests with a context manager that cannot attach a context, too', () => {
    const attach = vi.spyOn(context, 'attach').mockReturnValue({ dispose: () => undefined });
    expect(inSpan(() => orders.fact(2))).toBe(2);
    attach.mockRestore();
    const [inner, outer] = spans.named('Orders.fact');
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  it('AU3 passes errors on unchanged, and they make the span an error', async () => {
    expect(() => inSpan(() => orders.fails())).toThrow(ERROR);
    await expect(inSpan(() => orders.failsLater())).rejects.toBe(ERROR);
    expect(spans.one('Orders.fails').status.message).toBe('frozen');
    expect(spans.one('Orders.failsLater').status.message).toBe('frozen');
  });

  it('AU4 serves methods that use private members', () => {
    const before = inSpan(() => orders.secret());
    expect(inSpan(() => orders.secret())).toBe(before + 1);
    expect(names().filter((name) => name === 'Orders.secret')).toHaveLength(2);
  });

  it('AU5 leaves providers alone that are no objects of an own class', async () => {
    const { app } = running;
    inSpan(() => {
      expect(app.get<Map<string, number>>('MAP').get('a')).toBe(1);
      expect(app.get<Set<number>>('SET').has(1)).toBe(true);
      expect(app.get<() => string>('CALLABLE')()).toBe('called');
      expect(app.get<Ledger>('LEDGER').get('a')).toBe(1);
      expect(app.get<Ledger>('LEDGER').total()).toBe(1);
    });
    expect(await app.get<Promise<string>>('PROMISE')).toBe('kept');
    expect(app.get<{ get: unknown }>('AXIOS').get).toBeTypeOf('function');
    // What a class of the application adds to Map is its own; Map is not.
    expect(names()).toEqual(['Ledger.total', 'parent']);
    for (const native of [Map, Set, Promise]) {
      expect(Object.getOwnPropertyDescriptor(native.prototype, 'constructor')?.value).toBe(native);
      expect(Function.prototype.toString.call(native)).toContain('[native code]');
    }
    expect(String(Map.prototype.get)).toContain('[native code]');
  });

  it('AU8 puts nothing on what is made per request', async () => {
    const id = ContextIdFactory.create();
    const one = await running.app.resolve(PerRequest, id);
    expect(Object.getOwnPropertyNames(one)).toEqual([]);
    expect(inSpan(() => one.whoAmI())).toBe('one of many');
    expect(names()).toEqual(['PerRequest.whoAmI', 'parent']);
  });

  it('AU10 yields to decorators on a method or class: one span or none', async () => {
    const { app } = running;
    inSpan(() => {
      app.get(Decorated).traced();
      app.get(Decorated).untraced();
      app.get(DecoratedClass).own();
      app.get(DecoratedClass).inherited();
      app.get(UntracedClass).own();
      app.get(Decorated).detached();
    });
    await eventually(() => expect(names()).toContain('Decorated.detached'));
    expect(names().toSorted()).toEqual(
      [
        'by hand',
        'DecoratedClass.own',
        'DecoratedClass.inherited',
        'Decorated.detached',
        'parent',
      ].toSorted(),
    );
  });

  it('AU11 opens no span where no span records', async () => {
    expect(orders.fact(3)).toBe(6);
    await orders.later();
    const { stream } = inSpan(() => ({ stream: orders.stream() }));
    spans.reset();
    await firstValueFrom(stream.pipe(toArray()));
    expect(names()).toEqual([]);
  });

  it('AU11 AU12 opens no span under a parent that has ended', async () => {
    let late: Promise<string> | undefined;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    inSpan(() => {
      late = promise.then(() => orders.later());
    });
    resolve(undefined);
    expect(await late).toBe('later');
    expect(names()).toEqual(['parent']);
  });

  it('AU12 calls the method where a span cannot be opened', () => {
    const broken = { ...trace.wrapSpanContext(PARENT), isRecording: () => true };
    broken.spanContext = () => {
      throw new Error('broken span');
    };
    const ctx = trace.setSpan(ROOT_CONTEXT, broken as never);
    expect(context.with(ctx, () => orders.fact(3))).toBe(6);
  });

  it('AU13 gives recursion and concurrent calls spans of their own', async () => {
    inSpan(() => orders.fact(3));
    expect(names().filter((name) => name === 'Orders.fact')).toHaveLength(3);
    spans.reset();
    const ids = await inSpan(() => Promise.all([orders.waits(), orders.waits(), orders.waits()]));
    expect(new Set(ids).size).toBe(3);
    const recorded = spans.named('Orders.waits').map((span) => span.spanContext().spanId);
    expect(new Set(recorded)).toEqual(new Set(ids));
  });

  it('AU22 traces no constructor and no hook', () => {
    expect(HOOKS).toEqual(['init', 'bootstrap', 'bootstrap']);
    const hooks = ['onModuleInit', 'onApplicationBootstrap'] as const;
    inSpan(() => hooks.forEach((hook) => orders[hook]()));
    inSpan(() => new Orders());
    expect(new Set(names())).toEqual(new Set(['parent']));
  });

  it('traces what a class of the application inherits from another one', () => {
    expect(inSpan(() => orders.inherited())).toBe('base');
    expect(names()).toEqual(['Base.inherited', 'parent']);
  });
});

const PARENT = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
