/** Names to be compared as they are, and regular expressions. */
export type Patterns = readonly (string | RegExp)[];

/** Whether a value is a list of names, none of them empty, and regular expressions. */
export function isPatterns(value: unknown): value is Patterns {
  return Array.isArray(value) && value.every(isPattern);
}

/** Returns what tells whether a text is one of the names, or has one of the expressions in it. */
export function matcherOf(patterns: Patterns): (text: string) => boolean {
  return (text) =>
    patterns.some((pattern) =>
      typeof pattern === 'string' ? pattern === text : text.search(pattern) >= 0,
    );
}

function isPattern(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || value instanceof RegExp;
}
