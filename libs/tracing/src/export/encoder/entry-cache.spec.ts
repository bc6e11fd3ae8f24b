import { describe, expect, it } from 'vitest';
import { plainSpan } from '../../../../../test/export/plain-span.js';
import { SpanEncoder } from './span-encoder.js';

const SPAN = plainSpan({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 });

/** Values of every kind that is kept, and of some that are not, by turns. */
const VALUES: readonly unknown[] = [
  'GET',
  'é'.repeat(40),
  'x'.repeat(70),
  '\u007f'.repeat(9),
  '\ud800',
  '',
  '1',
  1,
  true,
  'true',
  0,
  -0,
  200,
  2 ** 32 - 1,
  2 ** 32,
  1.5,
  NaN,
  false,
  null,
  [1],
  { a: 1 },
];

function bytesOf(encoder: SpanEncoder, name: string, attributes: object): string {
  const bytes = encoder.encode({ ...SPAN, name, attributes } as never);
  return Buffer.from(bytes).toString('latin1');
}

describe('what comes again and again', () => {
  it('is written as it was the first time, in whatever order it comes', () => {
    const encoder = new SpanEncoder();
    for (let round = 0; round < 3 * VALUES.length; round += 1) {
      const at = (place: number): unknown => VALUES[(round * place) % VALUES.length];
      const attributes = { a: at(1), b: at(2), ключ: at(3), ['k'.repeat(130)]: at(4), a1: at(5) };
      const name = `span ${round % 3}`;
      expect(bytesOf(encoder, name, attributes)).toBe(bytesOf(new SpanEncoder(), name, attributes));
    }
  });

  it('is as right with more values, keys and names than are kept', () => {
    const encoder = new SpanEncoder();
    for (let round = 0; round < 3000; round += 1) {
      const attributes = { id: `id ${round}`, count: round, kind: 'constant', [`key ${round}`]: 1 };
      const bytes = bytesOf(encoder, `span ${round}`, attributes);
      for (const text of [`id ${round}`, `key ${round}`, `span ${round}`, 'constant'])
        expect(bytes).toContain(text);
      if (round % 100 === 0)
        expect(bytes).toBe(bytesOf(new SpanEncoder(), `span ${round}`, attributes));
    }
  });
});
