import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { DecoratorUsageError } from './decorator-usage.error.js';
import { Detached } from '../detached/detached.decorator.js';
import { NoTrace } from './no-trace.decorator.js';
import { SpanAttribute } from './span-attribute.decorator.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
const messages: string[] = [];
const note = (message: string): void => void messages.push(message);

beforeAll(() => {
  const silent = (): void => undefined;
  const logger = { error: note, warn: note, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, DiagLogLevel.WARN);
});
afterEach(() => {
  spans.reset();
  messages.length = 0;
});
afterAll(async () => {
  diag.disable();
  await spans.stop();
});

interface Order {
  id: string;
  lines: string[];
}

class Orders {
  @Traced({
    attributes: (id: string, count: number) => ({ 'order.id': id, 'order.count': count }),
    result: (order: Order) => ({ 'order.lines': order.lines.length }),
  })
  async place(id: string, count: number): Promise<Order> {
    return { id, lines: Array.from({ length: count }, () => id) };
  }

  @Traced()
  ship(
    @SpanAttribute('order.id') id: string,
    @SpanAttribute('order.lines', (order: Order) => order.lines.length) order: Order,
    @SpanAttribute('order.note') note?: string,
  ): string {
    return `${id}${order.id}${note ?? ''}`;
  }

  @Traced({ attributes: { 'app.tier': 'gold' } })
  gold(@SpanAttribute('order.id') id: string): string {
    return id;
  }
}

const own = { 'code.function.name': 'Orders.ship' };

describe('attributes', () => {
  it('T10 come from typed arguments and from the settled result', async () => {
    await new Orders().place('a', 2);
    expect(spans.one('Orders.place').attributes).toMatchObject({
      'order.id': 'a',
      'order.count': 2,
      'order.lines': 2,
    });
  });

  it('T10 come from named parameters, or a part of one; what is missing is left out', () => {
    new Orders().ship('a', { id: 'b', lines: ['c'] });
    expect(spans.one('Orders.ship').attributes).toEqual({
      ...own,
      'order.id': 'a',
      'order.lines': 1,
    });
  });

  it('T10 may be fixed and named at once', () => {
    new Orders().gold('a');
    expect(spans.one('Orders.gold').attributes).toMatchObject({
      'app.tier': 'gold',
      'order.id': 'a',
    });
  });

  it('T10 are checked against the method by the compiler', () => {
    const byKey = Traced({ attributes: (key: string) => ({ key }) });
    const withResult = Traced({ result: (value: number) => ({ value }) });
    type Applies<D, M> = D extends (t: object, k: string, d: TypedPropertyDescriptor<M>) => void
      ? true
      : false;
    expectTypeOf<
      Applies<typeof byKey, (key: string, more: number) => void>
    >().toEqualTypeOf<true>();
    expectTypeOf<Applies<typeof withResult, () => Promise<number>>>().toEqualTypeOf<true>();
    class Checked {
      // @ts-expect-error -- the callback takes a text where the method takes a number
      @Traced({ attributes: (key: string) => ({ key }) })
      wrong(key: number): number {
        return key;
      }

      // @ts-expect-error -- the callback takes a number where the method answers a text
      @Traced({ result: (value: number) => ({ value }) })
      async alsoWrong(): Promise<string> {
        return '';
      }
    }
    expect(new Checked().wrong(1)).toBe(1);
  });
});

describe('two decorators of ours on one method', () => {
  const both = (...decorators: MethodDecorator[]) => {
    const apply = (): void => {
      class Twice {
        async work(): Promise<void> {}
      }
      for (const decorate of decorators) {
        const own = Object.getOwnPropertyDescriptor(Twice.prototype, 'work');
        const made = decorate(Twice.prototype, 'work', own as PropertyDescriptor);
        if (made !== undefined) Object.defineProperty(Twice.prototype, 'work', made);
      }
    };
    return apply;
  };
  const traced = Traced() as MethodDecorator;
  const detached = Detached() as MethodDecorator;
  const noTrace = NoTrace() as MethodDecorator;

  it.each([
    ['a second @Traced()', both(traced, traced), '@Traced() and a second @Traced() are both'],
    ['@Detached() below @Traced()', both(detached, traced), '@Traced() and @Detached() are both'],
    ['@NoTrace() below @Traced()', both(noTrace, traced), '@Traced() and @NoTrace() are both'],
    [
      '@Detached() below @NoTrace()',
      both(detached, noTrace),
      '@NoTrace() and @Detached() are both',
    ],
    ['@Traced() below @NoTrace()', both(traced, noTrace), '@NoTrace() and @Traced() are both'],
  ])('T9 names them both: %s', (_, apply, message) => {
    expect(apply).toThrow(`${message} on work: keep one of them.`);
  });
});

const fail = (): never => {
  throw new Error('callback');
};

describe('a callback that throws', () => {
  class Careless {
    @Traced({ attributes: fail })
    attributes(): string {
      return 'value';
    }

    @Traced({ name: fail })
    name(): string {
      return 'value';
    }

    @Traced({ result: fail })
    async result(): Promise<string> {
      return 'value';
    }

    @Traced()
    parameter(@SpanAttribute('broken', fail) value: string): string {
      return value;
    }
  }

  for (const method of ['attributes', 'name', 'result', 'parameter'] as const) {
    it(`T7 changes nothing of the call and is reported: ${method}`, async () => {
      expect(await new Careless()[method]('value')).toBe('value');
      expect(spans.one(`Careless.${method}`).status.code).toBe(0);
      expect(messages.join()).toContain('threw; the traced call goes on without it');
      spans.assertNoOpenSpans();
    });
  }
});

describe('an attribute value', () => {
  const recorded = (attributes: unknown): object => {
    class Values {
      @Traced({ attributes: () => attributes as never })
      call(): void {}
    }
    new Values().call();
    const { 'code.function.name': _, ...rest } = spans.one('Values.call').attributes;
    spans.reset();
    return rest;
  };

  it('T14 is a text, number, boolean or an array of one of them', () => {
    const legal = { text: 'a', number: 1.5, flag: false, list: ['a', null, 'b'], numbers: [1, 2] };
    expect(recorded(legal)).toEqual(legal);
  });

  it('T14 is made of dates and big integers', () => {
    const day = new Date(0);
    expect(recorded({ day, small: 7n, big: 2n ** 70n })).toEqual({
      day: '1970-01-01T00:00:00.000Z',
      small: 7,
      big: String(2n ** 70n),
    });
  });

  it('T14 is never an object, and what is dropped is named', () => {
    const bad = {
      object: {},
      mixed: [1, 'a'],
      nested: [[1]],
      run: fail,
      nothing: null,
      date: new Date(NaN),
    };
    expect(recorded(bad)).toEqual({});
    for (const key of ['object', 'mixed', 'nested', 'run', 'date']) {
      expect(messages.join()).toContain(`attribute "${key}" is dropped`);
    }
  });

  it('T14 survives getters that throw and things that are no attributes at all', () => {
    expect(recorded(Object.defineProperty({ a: 1 }, 'b', { get: fail, enumerable: true }))).toEqual(
      { a: 1 },
    );
    const secretive = new Proxy({}, { ownKeys: fail, get: fail });
    for (const nonsense of [secretive, null, undefined, 1, 'text', Symbol('x')])
      expect(recorded(nonsense)).toEqual({});
  });

  it('T14 cannot reach a prototype', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":"x","prototype":"y","a":1}',
    );
    expect(recorded(hostile)).toEqual({ a: 1 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('T14 is cut at 4096 characters, never inside a surrogate pair', () => {
    const { long, pair } = recorded({ long: 'x'.repeat(1e6), pair: `${'x'.repeat(4095)}😀` }) as {
      long: string;
      pair: string;
    };
    expect(long).toHaveLength(4096);
    expect(pair.isWellFormed()).toBe(true);
  });

  it('T14 is one of at most 128', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`key${index}`, index]),
    );
    expect(Object.keys(recorded(many)).length).toBeLessThanOrEqual(128);
  });
});

describe('a decorator in the wrong place', () => {
  it('fails at once and says where it belongs', () => {
    const traced = Traced() as unknown as (...args: unknown[]) => void;
    const accessor = { get: () => 1, configurable: true };
    expect(() => traced({}, 'property', undefined)).toThrow(DecoratorUsageError);
    expect(() => traced({}, 'accessor', accessor)).toThrow(/"accessor", which is not a method/);
    expect(() => traced({}, 'method', 0)).toThrow(/TracingService\.span/);
    expect(() => traced('class')).toThrow(/belongs on a class/);
    expect(() => traced(fail, { kind: 'field', name: 'field' })).toThrow(/"field"/);
    const onConstructor = SpanAttribute('x') as unknown as (...args: unknown[]) => void;
    expect(() => onConstructor(class {}, undefined, 0)).toThrow(/parameter of a method/);
  });
});
