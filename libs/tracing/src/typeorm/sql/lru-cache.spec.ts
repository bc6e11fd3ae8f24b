import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LruCache } from './lru-cache.js';

describe('the cache of statements', () => {
  it('answers for a key what was set for it, or nothing, however alike keys are', () => {
    const alike = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    const calls = fc.array(fc.tuple(alike, fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(calls, (made) => {
        const cache = new LruCache<string>(8);
        for (const [key, isSet] of made) {
          const known = cache.get(key);
          expect([undefined, `of ${key}`]).toContain(known);
          if (isSet && known === undefined) cache.set(key, `of ${key}`);
        }
      }),
    );
  });

  it('keeps what is asked for again and again, and a bounded number of the rest', () => {
    const cache = new LruCache<number>(100);
    cache.set('SELECT 1', 0);
    const texts = Array.from({ length: 5_000 }, (_, at) => `SELECT ${at} FROM note WHERE id = $1`);
    for (const [at, text] of texts.entries()) {
      expect(cache.get('SELECT 1')).toBe(0);
      cache.set(text, at);
      expect(cache.get(text)).toBe(at);
    }
    const kept = texts.filter((text) => cache.get(text) !== undefined);
    expect(kept.length).toBeGreaterThanOrEqual(50);
    expect(kept.length).toBeLessThanOrEqual(100 + 256);
  });
});
