import { describe, expect, it } from 'vitest';
import { Pace } from './pace.js';

describe('Pace', () => {
  it('takes the requests that fail with one connection for one failure', () => {
    for (let run = 0; run < 100; run += 1) {
      const pace = new Pace();
      for (let request = 0; request < 4; request += 1) pace.failed(1000, 990, undefined, false);
      expect(pace.maxConcurrent).toBe(1);
      expect(pace.waitMillis(1000)).toBeGreaterThan(0);
      expect(pace.waitMillis(1000)).toBeLessThanOrEqual(1600);
    }
  });

  it('waits longer when the next request fails too', () => {
    const longest = Array.from({ length: 200 }, () => {
      const pace = new Pace();
      pace.failed(1000, 990, undefined, false);
      pace.failed(3000, 2990, undefined, false);
      return pace.waitMillis(3000);
    });
    expect(Math.max(...longest)).toBeGreaterThan(1600);
  });

  it('keeps a wait that was asked for, whichever request was answered with it', () => {
    const pace = new Pace();
    pace.failed(1000, 990, undefined, false);
    pace.failed(1000, 980, 60_000, false);
    expect(pace.waitMillis(1000)).toBeGreaterThanOrEqual(60_000);
  });
});
