import { endOf, isDigit, isTagPart, skip } from './characters.js';
import type { SqlDialect } from './dialect.js';
import type { Piece } from './piece.js';

/** A quoted identifier that is not closed is taken for a literal: it may hide one. */
export function quoted(sql: string, at: number, dialect: SqlDialect): Piece | undefined {
  const quote = sql.charAt(at);
  if (dialect.stringQuotes.includes(quote)) {
    const end = quoteEnd(sql, at, quote, dialect.backslashEscapes) ?? sql.length;
    return { kind: 'literal', end };
  }
  if (!dialect.identifierQuotes.includes(quote)) return undefined;
  const end = quoteEnd(sql, at, quote === '[' ? ']' : quote, false);
  return end === undefined ? { kind: 'literal', end: sql.length } : { kind: 'identifier', end };
}

/** Behind the closing quote; a doubled one does not close. */
function quoteEnd(
  sql: string,
  at: number,
  quote: string,
  backslashEscapes: boolean,
): number | undefined {
  for (let i = at + 1; i < sql.length; i++) {
    if (backslashEscapes && sql[i] === '\\') i += 1;
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i + 1;
      i += 1;
    }
  }
  return undefined;
}

/** `$tag$ … $tag$`. */
export function dollarQuoted(sql: string, at: number, dialect: SqlDialect): Piece | undefined {
  if (!dialect.dollarQuotes || sql[at] !== '$' || isDigit(sql.charCodeAt(at + 1))) return undefined;
  const tagEnd = skip(sql, at + 1, isTagPart);
  if (sql[tagEnd] !== '$') return undefined;
  return { kind: 'literal', end: endOf(sql, sql.slice(at, tagEnd + 1), tagEnd + 1) };
}

/** `E'…'` with its escapes, `N'…'`, `B'…'`, `X'…'`, and Oracle's `q'[…]'`. */
export function prefixedString(sql: string, at: number, dialect: SqlDialect): Piece | undefined {
  const quoteAt = sql[at + 1] === "'" ? at + 1 : at + 2;
  if (sql[quoteAt] !== "'") return undefined;
  const prefix = sql.slice(at, quoteAt).toLowerCase();
  if (dialect.delimitedQuotes && (prefix === 'q' || prefix === 'nq')) {
    return delimitedString(sql, quoteAt);
  }
  if (!STRING_PREFIXES.has(prefix)) return undefined;
  const end = quoteEnd(sql, quoteAt, "'", prefix === 'e' || dialect.backslashEscapes);
  return { kind: 'literal', end: end ?? sql.length };
}

const STRING_PREFIXES = new Set(['e', 'n', 'b', 'x']);
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };

function delimitedString(sql: string, quoteAt: number): Piece {
  const open = sql.charAt(quoteAt + 1);
  return { kind: 'literal', end: endOf(sql, `${CLOSING[open] ?? open}'`, quoteAt + 2) };
}
