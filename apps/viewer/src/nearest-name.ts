/** The known name that a mistyped one begins, or that needs the fewest edits, if these are few. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const edits = known.map((name) => ({ name, count: editsBetween(given, name) }));
  const best = edits.reduce((one, other) => (other.count < one.count ? other : one));
  return best.count <= Math.max(1, given.length / 3) ? best.name : undefined;
}

/** The Levenshtein distance, but that of a beginning is 1. */
function editsBetween(given: string, name: string): number {
  if (given.length > 2 && name.startsWith(given)) return 1;
  // An argument may be as long as it likes; names are short.
  if (given.length > 2 * name.length) return Infinity;
  let row = Array.from({ length: name.length + 1 }, (_, column) => column);
  for (const [index, letter] of Array.from(given).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= name.length; column++) {
      const replaced = row[column - 1]! + (letter === name[column - 1] ? 0 : 1);
      next.push(Math.min(row[column]! + 1, next[column - 1]! + 1, replaced));
    }
    row = next;
  }
  return row.at(-1)!;
}
