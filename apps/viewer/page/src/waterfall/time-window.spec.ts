import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clamped, isWhole, panned, ticksOf, zoomed } from './time-window.js';

const WHOLE = { from: 0, to: 1_000 };
const windows = fc
  .tuple(fc.integer({ min: -500, max: 1_500 }), fc.integer({ min: 1, max: 1_000 }))
  .map(([from, width]) => ({ from, to: from + width }));

describe('the window of time', () => {
  it('stays inside the whole, however it is zoomed and moved', () => {
    fc.assert(
      fc.property(windows, fc.double({ min: 0.01, max: 4, noNaN: true }), (window, factor) => {
        const inside = clamped(window, WHOLE);
        for (const next of [
          zoomed(inside, WHOLE, inside.from, factor),
          panned(inside, WHOLE, factor),
        ]) {
          expect(next.from).toBeGreaterThanOrEqual(WHOLE.from - 1e-6);
          expect(next.to).toBeLessThanOrEqual(WHOLE.to + 1e-6);
          expect(next.to).toBeGreaterThan(next.from);
        }
      }),
    );
  });

  it('keeps the moment under the pointer in its place', () => {
    expect(zoomed(WHOLE, WHOLE, 250, 0.5)).toEqual({ from: 125, to: 625 });
    expect(isWhole(zoomed({ from: 125, to: 625 }, WHOLE, 250, 4), WHOLE)).toBe(true);
  });

  it('has round ticks, never too many', () => {
    expect(ticksOf({ from: 0, to: 1_000 }, 5)).toEqual([0, 200, 400, 600, 800, 1_000]);
    fc.assert(
      fc.property(windows, fc.integer({ min: 1, max: 20 }), (window, count) => {
        expect(ticksOf(window, count).length).toBeLessThanOrEqual(count + 1);
      }),
    );
    expect(ticksOf({ from: 5, to: 5 }, 5)).toEqual([]);
  });
});
