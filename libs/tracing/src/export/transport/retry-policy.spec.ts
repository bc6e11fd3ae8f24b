import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT_MILLIS, RetryPolicy, backoffMillis, throttleMillis } from './retry-policy.js';

describe('the retry policy', () => {
  it('takes the requests that fail with one connection for one failure', () => {
    for (let run = 0; run < 100; run += 1) {
      const retryPolicy = new RetryPolicy();
      for (let request = 0; request < 4; request += 1)
        retryPolicy.failed(1000, 990, undefined, false);
      expect(retryPolicy.maxConcurrent).toBe(1);
      expect(retryPolicy.waitMillis(1000)).toBeGreaterThan(0);
      expect(retryPolicy.waitMillis(1000)).toBeLessThanOrEqual(1600);
    }
  });

  it('waits longer when the next request fails too', () => {
    const longest = Array.from({ length: 200 }, () => {
      const retryPolicy = new RetryPolicy();
      retryPolicy.failed(1000, 990, undefined, false);
      retryPolicy.failed(3000, 2990, undefined, false);
      return retryPolicy.waitMillis(3000);
    });
    expect(Math.max(...longest)).toBeGreaterThan(1600);
  });

  it('keeps a wait that was asked for, whichever request was answered with it', () => {
    const retryPolicy = new RetryPolicy();
    retryPolicy.failed(1000, 990, undefined, false);
    retryPolicy.failed(1000, 980, 60_000, false);
    expect(retryPolicy.waitMillis(1000)).toBeGreaterThanOrEqual(60_000);
  });

  it.each([1e13, 30 * 86_400_000, Infinity])('grants %s ms as an hour', (askedMillis) => {
    const retryPolicy = new RetryPolicy();
    retryPolicy.failed(0, 0, askedMillis, false);
    expect(retryPolicy.waitMillis(0)).toBe(LONGEST_WAIT_MILLIS);
  });

  it.each([NaN, -1, 0, -Infinity])(
    'is no storm where %s ms are asked for again and again',
    (asked) => {
      const retryPolicy = new RetryPolicy();
      let now = 0;
      for (let call = 0; call < 50; call += 1) {
        retryPolicy.failed(now, now, asked, false);
        now += retryPolicy.waitMillis(now);
      }
      expect(now).toBeGreaterThan(20_000);
    },
  );
});

const CLIENTS = 1000;
const HORIZON_MILLIS = 60_000;
const BIN_MILLIS = 100;

/** A small generator with a seed, so that the spread is the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the wait for a collector that is away', () => {
  it('R12 spreads 1,000 clients evenly: no 100 ms hold more than three times the mean', () => {
    const bins = Array<number>(HORIZON_MILLIS / BIN_MILLIS).fill(0);
    let calls = 0;
    for (let client = 0; client < CLIENTS; client += 1) {
      const random = seeded(client * 7919 + 1);
      let at = 0;
      for (let failures = 1; ; failures += 1) {
        at += backoffMillis(failures, random());
        if (at >= HORIZON_MILLIS) break;
        bins[Math.floor(at / BIN_MILLIS)]! += 1;
        calls += 1;
      }
    }
    const mean = calls / bins.length;
    console.log(
      `R12 ${(calls / CLIENTS / 60).toFixed(2)} calls/s a client, fullest bin ${(Math.max(...bins) / mean).toFixed(2)} × mean`,
    );
    expect(Math.max(...bins)).toBeLessThan(3 * mean);
    expect(calls / CLIENTS / 60).toBeLessThan(1);
  });

  it('grows with the failures and stays below three seconds', () => {
    const longest = [1, 2, 3, 50].map((failures) => backoffMillis(failures, 1));
    expect(longest[1]).toBeGreaterThan(longest[0] ?? NaN);
    expect(longest[3]).toBe(longest[2]);
    expect(Math.max(...longest)).toBeLessThan(3000);
  });

  it('is never shorter than the collector asked for, and at most a tenth longer', () => {
    expect(throttleMillis(1000, 0)).toBe(1000);
    expect(throttleMillis(1000, 1)).toBeLessThanOrEqual(1100);
  });
});
