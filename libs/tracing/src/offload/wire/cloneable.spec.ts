import { createSecretKey } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { assertCloneable } from './cloneable.js';

class Cat {}

describe('assertCloneable', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;

  it.each([
    ['scalars', [1, 'a', 1n, true, null, undefined, NaN]],
    ['plain data', { a: [{ b: new Date() }], c: new Map([[1, new Set(['x'])]]), d: /x/ }],
    ['bytes', { a: Buffer.from('a'), b: new ArrayBuffer(1), c: new SharedArrayBuffer(1) }],
    ['errors', new RangeError('a')],
    ['objects without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['objects of another realm', runInNewContext('({ a: [1, { b: 2 }] })')],
    ['what the platform clones as it is', createSecretKey(Buffer.from('key'))],
    ['cycles', cycle],
  ])('W10 lets %s pass', (_, value) => {
    expect(() => assertCloneable(value, 'input')).not.toThrow();
  });

  it.each([
    ['a function', { a: { b: () => 1 } }, 'input.a.b is a function'],
    ['a symbol', [Symbol('a')], 'input[0] is a symbol'],
    ['an instance', { a: [1, new Cat()] }, 'input.a[1] is an instance of class Cat'],
    ['a promise', { a: Promise.resolve() }, 'input.a is an instance of class Promise'],
    ['a generator', { a: (function* () {})() }, 'input.a is an instance of class'],
    ['a weak map', new WeakMap(), 'input is an instance of class WeakMap'],
    ['a value of a map', new Map([['k', { f: Cat }]]), 'input.get("k").f is a function'],
    ['a key of a map', new Map([[new Cat(), 1]]), 'input key is an instance of class Cat'],
    ['a member of a set', new Set([new Cat()]), 'input{} is an instance of class Cat'],
    ['a proxy', { a: new Proxy([], {}) }, 'input.a is a Proxy'],
  ])('W10 refuses %s by its path', (_, value, message) => {
    expect(() => assertCloneable(value, 'input')).toThrow(message);
  });

  it('W12 lets pass what is transferred', () => {
    const { port1, port2 } = new MessageChannel();
    expect(() => assertCloneable({ port1 }, 'input')).toThrow('input.port1 is an instance of');
    expect(() => assertCloneable({ port1 }, 'input', [port1])).not.toThrow();
    port1.close();
    port2.close();
  });
});
