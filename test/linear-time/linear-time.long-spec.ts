import { describe, expect, it } from 'vitest';
import { costOf } from './cost.js';
import { OUTSIDE_SCANNERS } from './outside-scanners.js';
import type { OutsideScanner } from './outside-scanners.js';
import { repeatsOver, written } from './worst-repeats.js';
import type { Repeat } from './worst-repeats.js';

/** A scanner that is quadratic costs a thousand times its share here, so the worst repeats stand out. */
const SHORT = 1024;
const LONG = 64 * 1024;
/** Linear is 4, quadratic is 16. */
const MOST = 8;
const TRIES = 4;
/** Of how many pieces the repeated strings are at most. */
const PUMP_LENGTH = 3;

function worstFor({ alphabet, scan }: OutsideScanner): Repeat[] {
  const timed = [...repeatsOver(alphabet, PUMP_LENGTH)].map((repeat) => {
    const text = written(repeat, SHORT);
    const start = performance.now();
    attempt(scan, text);
    return { repeat, millis: performance.now() - start };
  });
  const again = timed.toSorted((a, b) => b.millis - a.millis).slice(0, 200);
  return again
    .map(({ repeat }) => ({ repeat, micros: quick(scan, written(repeat, SHORT)) }))
    .toSorted((a, b) => b.micros - a.micros)
    .slice(0, 6)
    .map(({ repeat }) => repeat);
}

function quick(scan: OutsideScanner['scan'], text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    attempt(scan, text);
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** A scanner may refuse a text; that must be as quick as reading it. */
function attempt(scan: OutsideScanner['scan'], text: string): void {
  try {
    scan(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

function growth(scan: OutsideScanner['scan'], repeat: Repeat, length = LONG): number {
  const [quarter, whole] = [written(repeat, length / 4), written(repeat, length)];
  return costOf(() => attempt(scan, whole)) / costOf(() => attempt(scan, quarter));
}

/** Another process may have had the caches: what is quadratic is so each time. */
function leastGrowth(scan: OutsideScanner['scan'], repeat: Repeat): number {
  let least = Infinity;
  for (let tried = 0; tried < TRIES && least > MOST; tried += 1) {
    least = Math.min(least, growth(scan, repeat));
  }
  return least;
}

describe('what sees text from outside', () => {
  it.each(OUTSIDE_SCANNERS.map((scanner) => [scanner.name, scanner] as const))(
    'H11 takes time in proportion to 64 KiB of its worst repeats: %s',
    (_, scanner) => {
      const slow = worstFor(scanner)
        .map((repeat) => ({ repeat, growth: leastGrowth(scanner.scan, repeat) }))
        .filter(({ growth: factor }) => factor > MOST);
      expect(slow).toEqual([]);
    },
  );

  it('H11 the measure finds what is quadratic', () => {
    const quadratic: OutsideScanner = {
      name: 'an expression that looks for its start again and again',
      alphabet: ['[', ']', '=', '&'],
      scan: (text) => text.search(/\[([^\]]+)\]$/),
    };
    const found = worstFor(quadratic).map((repeat) => growth(quadratic.scan, repeat, 4 * SHORT));
    expect(Math.max(...found)).toBeGreaterThan(MOST);
  });
});
