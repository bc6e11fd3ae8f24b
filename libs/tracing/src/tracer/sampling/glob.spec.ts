import { describe, expect, it } from 'vitest';
import { globTest } from './glob.js';

/** The same by a regular expression, which may take its time. */
function byExpression(pattern: string): (text: string) => boolean {
  const whole = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 's');
  return (text) => whole.test(text);
}

/** Every text of up to so many of these characters. */
function* texts(alphabet: string, length: number): Generator<string> {
  yield '';
  if (length === 0) return;
  for (const rest of texts(alphabet, length - 1)) for (const first of alphabet) yield first + rest;
}

describe('a pattern of a rule', () => {
  it.each([
    ['orders.*', 'orders.find', true],
    ['orders.*', 'orders.', true],
    ['orders.*', 'orders', false],
    ['*', '', true],
    ['/v1/*/items', '/v1/orders/:id/items', true],
    ['a*a', 'a', false],
    ['a*b*c', 'acb', false],
    ['a.c', 'abc', false],
  ])('%s on %s: %s', (pattern, text, matches) => {
    expect(globTest(pattern)(text)).toBe(matches);
  });

  it('does as a regular expression would, for every short pattern and text', () => {
    const all = [...new Set(texts('ab', 5))];
    let compared = 0;
    for (const pattern of new Set(texts('ab*', 4))) {
      const [ours, theirs] = [globTest(pattern), byExpression(pattern)];
      for (const text of all) {
        if (ours(text) !== theirs(text)) expect([pattern, text]).toEqual([]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(5000);
  });
});
