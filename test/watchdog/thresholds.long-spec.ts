import { expect, it } from 'vitest';
import { factsOf } from './support/fixture.js';

interface Seen {
  readonly times: number;
  readonly stalls: number;
}

it.each([25, 50, 100, 500])(
  'K2 sees every block of the threshold and two polls, and none of half of it: %i ms',
  async (threshold) => {
    const facts = await factsOf<Record<'certain' | 'long' | 'below', Seen>>('thresholds.mjs', [
      String(threshold),
    ]);
    // The watching thread may have had to wait for the processor, and says nothing of such a time.
    expect(facts.certain.stalls).toBeGreaterThanOrEqual(facts.certain.times - 1);
    expect(facts.long.stalls).toBe(facts.long.times);
    expect(facts.below.stalls).toBeLessThanOrEqual(1);
  },
);
