import { expect, it } from 'vitest';
import { LineLimits } from './line-limits.js';

it('K15 lets one warning of a line through in ten seconds and counts the others', () => {
  let now = 0;
  const limits = new LineLimits(() => now);
  expect([limits.admit('a'), limits.admit('a'), limits.admit('a'), limits.admit('b')]).toEqual([
    0,
    undefined,
    undefined,
    0,
  ]);
  now = 10_000;
  expect(limits.admit('a')).toBe(2);
});

it('K15 lets thirty warnings through in a minute', () => {
  let now = 0;
  const limits = new LineLimits(() => now);
  const admitted = Array.from({ length: 100 }, (_, line) => limits.admit(String(line)));
  expect(admitted.filter((heldBack) => heldBack !== undefined)).toHaveLength(30);
  now = 60_000;
  expect(limits.admit('99')).toBe(1);
});
