import { describe, expect, it } from 'vitest';
import type { AsJson, JsonInput } from './json-value.js';
import { assertJson, isJson } from './json-value.js';

class Point {
  readonly x = 1;
}

describe('assertJson', () => {
  it.each([1, 'a', true, null, undefined, [], {}, [[{ a: [null] }]], { a: undefined }])(
    'lets %j pass',
    (value) => {
      expect(isJson(value)).toBe(true);
    },
  );

  it('lets what is used twice pass, and objects without a prototype', () => {
    const shared = { a: 1 };
    expect(isJson([shared, shared, Object.create(null)])).toBe(true);
  });

  it.each([
    [{ a: [() => 1] }, 'input.a[0] is a function'],
    [Symbol('s'), 'input is a symbol'],
    [{ a: new Point() }, 'input.a is an instance of class Point'],
    [{ toJSON: (): number => 1 }, 'input is an instance of class Object'],
    [Infinity, 'input is Infinity'],
    [[, 1], 'input[0] is undefined'], // oxlint-disable-line no-sparse-arrays -- a hole is what is tried
    [Buffer.from('a'), 'input is an instance of class Buffer'],
  ])('names what it refuses', (value, message) => {
    expect(() => assertJson(value, 'input')).toThrow(message);
  });
});

describe('the types', () => {
  it('say the same', () => {
    const takes = <I>(_task: (input: I) => void, _input: JsonInput<NoInfer<I>>): void => undefined;
    interface Order {
      readonly id: number;
      readonly lines?: readonly string[];
    }
    takes((_order: Order) => undefined, { id: 1, lines: ['a'] });
    takes((_any: unknown) => undefined, new Date());
    // @ts-expect-error -- a Date is no JSON
    takes((_at: Date) => undefined, new Date());
    // @ts-expect-error -- nor is a function
    takes((_fn: { fn: () => void }) => undefined, { fn: () => undefined });
    const same: AsJson<Order> = { id: 1 } satisfies Order;
    expect(same).toEqual({ id: 1 });
  });

  it('names what throws when it is looked at', () => {
    const env = new Proxy(
      {},
      {
        get: () => {
          throw new TypeError('no such variable');
        },
      },
    );
    expect(() => assertJson({ env }, 'input')).toThrow(
      /^input\.env is an object that cannot be read \(no such variable\), which cannot travel as JSON/,
    );
  });
});
