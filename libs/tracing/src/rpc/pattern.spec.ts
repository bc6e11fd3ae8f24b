import { ClientTCP } from '@nestjs/microservices';
import { describe, expect, it } from 'vitest';
import { patternText } from './pattern.js';

class NormalForm extends ClientTCP {
  of(pattern: never): string {
    return this.normalizePattern(pattern);
  }
}

const PATTERNS = [
  'orders.created',
  42,
  { cmd: 'sum' },
  { z: 1, a: { y: 'q"uote', x: String.raw`back\slash` } },
  { flag: true, none: null, list: ['a', 2, { b: 'c' }] },
  { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } },
  Object.fromEntries(Array.from({ length: 21 }, (_, key) => [`k${key}`, key])),
  {},
];

describe('the normal form of a pattern', () => {
  it.each(PATTERNS)("M7 is Nest's own for %j", (pattern) => {
    expect(patternText(pattern)).toBe(new NormalForm({}).of(pattern as never));
  });

  it('M7 is the source of a regular expression', () => {
    expect(patternText(/^orders\.(?:new|old)$/i)).toBe(String.raw`/^orders\.(?:new|old)$/i`);
  });

  it('M7 is cut where a pattern has no end of its own', () => {
    expect(patternText('x'.repeat(10_000))).toHaveLength(256);
    expect(patternText({ cmd: 'x'.repeat(10_000), then: 1 })).toHaveLength(256);
  });

  it('M7 is found in no time for a pattern of a million parts', () => {
    let read = 0;
    const wide = (depth: number): object =>
      new Proxy(
        {},
        {
          ownKeys: () => Array.from({ length: 20 }, (_, key) => `k${key}`),
          getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 1 }),
          get: () => {
            read += 1;
            return depth === 0 ? 'leaf' : wide(depth - 1);
          },
        },
      );
    expect(patternText(wide(5))).toHaveLength(256);
    expect(read).toBeLessThan(256);
  });
});
