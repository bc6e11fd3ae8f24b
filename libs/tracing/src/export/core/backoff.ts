const FIRST_MILLIS = 1600;
const GROWTH = 1.5;
const LONGEST_MILLIS = 2800;
const LEAST_SHARE = 0.15;

/**
 * How long to wait before a collector that was away is asked again. The wait grows with the failures
 * and is drawn from almost the whole span below its bound, so that the clients of one collector
 * come back evenly spread; the bound is low enough for a recovery within three seconds.
 *
 * @param failures how many requests have failed in a row, 1 or more
 * @param random a number from 0 to 1
 * @returns milliseconds
 */
export function backoffMillis(failures: number, random: number): number {
  const bound = Math.min(FIRST_MILLIS * GROWTH ** (failures - 1), LONGEST_MILLIS);
  return bound * (LEAST_SHARE + (1 - LEAST_SHARE) * random);
}

/** The wait that a collector itself asked for, never shorter and hardly longer. */
export function throttleMillis(askedMillis: number, random: number): number {
  return askedMillis * (1 + 0.05 * random);
}
