import fc from 'fast-check';
import type { SpanSketch } from './trace-detail.js';

interface Seed {
  readonly under: number;
  readonly name: string;
  readonly at: number;
  readonly takes: number;
  readonly isFailed: boolean;
  readonly lines: readonly number[];
}

const seed: fc.Arbitrary<Seed> = fc.record({
  under: fc.nat(40),
  name: fc.constantFrom('a', 'b', 'c'),
  at: fc.nat(100),
  takes: fc.nat(100),
  isFailed: fc.boolean(),
  lines: fc.array(fc.nat(200), { maxLength: 2 }),
});

/** Trees of any shape, children by time; they need not lie inside their parents. */
export const anyTrees: fc.Arbitrary<SpanSketch[]> = fc
  .array(seed, { maxLength: 40 })
  .map((seeds) => below(seeds, -1));

/** Seed n hangs on one before it, or is a root. */
function below(seeds: readonly Seed[], parent: number): SpanSketch[] {
  return seeds
    .flatMap((each, index) => {
      const above = index === 0 ? -1 : (each.under % (index + 1)) - 1;
      if (above !== parent) return [];
      const { under: _, lines, ...fields } = each;
      const logs = lines.map((at) => ({ at, message: 'line' }));
      return [{ ...fields, logs, children: below(seeds, index) }];
    })
    .toSorted((one, other) => one.at - other.at);
}
