/** Says that there is no such option, and which one was meant, or which there are. */
export function unknownOption(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const cure = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `there is no such option; ${cure}`;
}

/** The known name that the given one begins, or that needs the fewest edits, if these are few. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  const [best] = known
    .map((candidate) => ({ candidate, edits: editsBetween(given, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(2, name.length / 3)
    ? best.candidate
    : undefined;
}

function editsBetween(a: string, b: string): number {
  if (a.length > 2 && b.startsWith(a)) return 1;
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
