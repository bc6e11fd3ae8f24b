/** A text of one start, many repeats, and one end, as those that make backtracking expensive are. */
export interface Repeat {
  readonly start: string;
  readonly pump: string;
  readonly end: string;
}

/**
 * Makes every repeat of all short strings over an alphabet: pumps of up to so many characters, behind
 * and before every single character and none.
 */
export function* repeatsOver(alphabet: readonly string[], pumpLength: number): Generator<Repeat> {
  const edges = ['', ...alphabet];
  for (const pump of stringsUpTo(pumpLength, alphabet))
    for (const start of edges) for (const end of edges) yield { start, pump, end };
}

/** Writes a repeat in about so many characters, in one piece, as texts come from a socket. */
export function written({ start, pump, end }: Repeat, length: number): string {
  const text = start + pump.repeat(Math.ceil(length / pump.length)) + end;
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

function stringsUpTo(length: number, alphabet: readonly string[]): string[] {
  if (length === 0) return [];
  const shorter = stringsUpTo(length - 1, alphabet);
  const longer = [...shorter.filter((text) => text !== ''), ''].flatMap((text) =>
    alphabet.map((character) => text + character),
  );
  return [...new Set([...shorter, ...longer])];
}
