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

/**
 * The median of the means of every two figures (Hodges and Lehmann's estimate), and between which figures that
 * of all there could be lies, with 95 % certainty (Wilcoxon's signed ranks). Like the median it does not heed
 * the few that are far off, and of figures that scatter evenly it tells as much as a mean.
 */
export function medianInterval(figures: readonly number[]): Spread {
  const count = figures.length;
  const means = new Float64Array((count * (count + 1)) / 2);
  let next = 0;
  for (const [index, figure] of figures.entries()) {
    for (let other = index; other < count; other += 1) {
      means[next++] = (figure + (figures[other] ?? NaN)) / 2;
    }
  }
  means.sort();
  const ranks = 1.96 * Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24);
  const at = (rank: number): number => means[Math.round(rank)] ?? NaN;
  const middle = (means.length - 1) / 2;
  return { low: at(middle - ranks), median: at(middle), high: at(middle + ranks) };
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
