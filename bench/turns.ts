/**
 * The order of the turns of a round: it moves on by one every second round and is reversed in between,
 * so that nobody always inherits the same neighbour's garbage.
 */
export function inOrder<T>(items: readonly T[], round: number): T[] {
  const start = Math.floor(round / 2) % items.length;
  const rotated = [...items.slice(start), ...items.slice(0, start)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}
