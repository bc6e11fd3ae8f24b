import type { SqlToken } from './scan.js';

const LISTS = /\bIN\s*\(\s*\?(?:\s*,\s*\?)+\s*\)/gi;

/**
 * The text of a statement without its values: every literal is `?`, comments and superfluous white
 * space are gone, lists of literals are `IN (?)`. Doing it again changes nothing.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext
 */
export function sanitizeSql(tokens: readonly SqlToken[]): string {
  const pieces: string[] = [];
  for (const { kind, text } of tokens) {
    if (kind === 'literal') pieces.push('?');
    else if (kind !== 'blank') pieces.push(text);
    else if (isBlankWanted(pieces)) pieces.push(' ');
  }
  return pieces.join('').trimEnd().replace(LISTS, 'IN (?)');
}

/** In MySQL, white space behind two dashes would make them a comment. */
function isBlankWanted(pieces: readonly string[]): boolean {
  const last = pieces.at(-1);
  return last !== undefined && last !== ' ' && !(last === '-' && pieces.at(-2) === '-');
}
