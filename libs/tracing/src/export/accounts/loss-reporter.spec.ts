import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LossReporter } from './loss-reporter.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

it('losses are one line in 30 seconds, of a bounded length, whatever their reasons are', () => {
  const lines: string[] = [];
  const losses = new LossReporter((line) => lines.push(line));
  for (let loss = 0; loss < 10_000; loss += 1) losses.report(1, `reason ${loss}`);
  expect(lines).toEqual(['1 span lost: reason 0']);
  vi.advanceTimersByTime(30_000);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe(
    '1 span lost: reason 1; 1 span lost: reason 2; 1 span lost: reason 3; ' +
      '1 span lost: reason 4; 1 span lost: reason 5; 9994 spans lost: other reasons',
  );
  losses.flush();
  expect(lines).toHaveLength(2);
});
