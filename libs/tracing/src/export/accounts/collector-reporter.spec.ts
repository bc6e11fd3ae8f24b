import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CollectorReporter } from './collector-reporter.js';

let lines: string[];
let reporter: CollectorReporter;
beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  const say = (message: string): void => void lines.push(message);
  reporter = new CollectorReporter('http://x:4317', { log: say, warn: say });
});
afterEach(() => vi.useRealTimers());

const away = { reason: 'ECONNREFUSED', cure: 'nothing listens there' };
const AWAY =
  'No span gets to the collector at http://x:4317 (ECONNREFUSED): nothing listens there.';
const BACK = 'The collector at http://x:4317 takes spans again.';

describe('what the log says of the collector', () => {
  it('is nothing as long as it answers', () => {
    reporter.changed(undefined);
    expect(lines).toEqual([]);
  });

  it('is that it is away, once, and that it is back, once', () => {
    reporter.changed(away);
    reporter.changed({ reason: 'ECONNRESET' });
    vi.advanceTimersByTime(100_000);
    reporter.changed(undefined);
    reporter.changed(undefined);
    expect(lines).toEqual([AWAY, BACK]);
  });

  it('is one line of each kind in 30 seconds, and the truth at their end', () => {
    for (let change = 0; change < 1000; change += 1) {
      reporter.changed(away);
      reporter.changed(undefined);
    }
    expect(lines).toEqual([AWAY, BACK]);
    reporter.changed(away);
    vi.advanceTimersByTime(29_000);
    expect(lines).toEqual([AWAY, BACK]);
    vi.advanceTimersByTime(2000);
    expect(lines).toEqual([AWAY, BACK, AWAY]);
  });

  it('is nothing any more at the end, and no timer is left', () => {
    reporter.changed(away);
    reporter.changed(undefined);
    reporter.changed(away);
    reporter.stop();
    reporter.changed(undefined);
    vi.advanceTimersByTime(100_000);
    expect(lines).toEqual([AWAY, BACK]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
