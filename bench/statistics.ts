/** The middle of many figures and where the middle half of them lies. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Median and quartiles. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  return {
    low: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    high: quantile(sorted, 0.75),
  };
}

/** The median, and between which figures that of all there could be lies, with 95 % certainty. */
export function medianInterval(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  // So many of them may be below the true median by chance: half, and two deviations of a coin's tosses.
  const ranks = (1.96 * Math.sqrt(sorted.length)) / 2;
  const at = (rank: number): number => sorted[Math.round(rank)] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { low: at(middle - ranks), median: quantile(sorted, 0.5), high: at(middle + ranks) };
}

/**
 * What one variant adds to the base as a share of what a rival adds: by the medians, and round by
 * round, where both had the same moment of the machine, for the quartiles.
 */
export function addedRatio(
  own: readonly number[],
  rival: readonly number[],
  base: readonly number[],
): Spread {
  const share = (ours: number, theirs: number, bare: number): number =>
    (ours - bare) / (theirs - bare);
  const rounds = own.map((figure, round) => share(figure, rival[round] ?? NaN, base[round] ?? NaN));
  const [ours, theirs, bare] = [own, rival, base].map((figures) => spreadOf(figures).median);
  return { ...spreadOf(rounds), median: share(ours ?? NaN, theirs ?? NaN, bare ?? NaN) };
}

/** The figure below which a share of sorted figures lies. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}
