/** A known name, and how many edits it is away. */
interface NearName {
  readonly name: string;
  readonly edits: number;
}

/** Returns the known names, whatever their case, the one that needs the fewest edits first. */
export function byNearness(given: string, known: Iterable<string>): NearName[] {
  const wanted = given.toLowerCase();
  return [...new Set(known)]
    .map((name) => ({ name, edits: editsBetween(wanted, name.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
}

function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
