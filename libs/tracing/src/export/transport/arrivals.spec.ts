import { describe, expect, it } from 'vitest';
import { Arrivals } from './arrivals.js';
import { SharedLedger } from '../accounts/shared-ledger.js';

describe('the arrivals', () => {
  it('tell when the oldest span came that is not settled', () => {
    const arrivals = new Arrivals();
    expect(arrivals.oldest(0)).toBeUndefined();
    arrivals.add(10, 100);
    arrivals.add(15, 200);
    expect(arrivals.oldest(0)).toBe(100);
    expect(arrivals.oldest(9)).toBe(100);
    expect(arrivals.oldest(10)).toBe(200);
    expect(arrivals.oldest(15)).toBeUndefined();
  });

  it('are seen by another thread as how long it has waited', () => {
    const ledger = new SharedLedger();
    const elsewhere = new SharedLedger(ledger.buffer);
    expect(elsewhere.lagMillis).toBe(0);
    ledger.markOldest(Date.now() - 5000);
    expect(elsewhere.lagMillis).toBeGreaterThanOrEqual(5000);
    expect(elsewhere.lagMillis).toBeLessThan(10_000);
    ledger.markOldest(undefined);
    expect(elsewhere.lagMillis).toBe(0);
  });
});
