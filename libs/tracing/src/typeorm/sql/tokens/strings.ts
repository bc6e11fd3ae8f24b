import { WORD_PART, classOf, endOf, isDigit } from './characters.js';
import type { SqlDialect } from '../dialect.js';

const BACKSLASH = 92;
const QUOTE = 39;
const DOLLAR = 36;

/** Returns the place behind the closing quote, or -1 if there is none; a doubled one does not close. */
export function quoteEnd(sql: string, at: number, quote: number, escapes: boolean): number {
  const { length } = sql;
  for (let i = at + 1; i < length; i += 1) {
    const code = sql.charCodeAt(i);
    if (code === BACKSLASH && escapes) i += 1;
    else if (code === quote) {
      if (sql.charCodeAt(i + 1) !== quote) return i + 1;
      i += 1;
    }
  }
  return -1;
}

/** Returns the place behind `$tag$ … $tag$`, or -1 if none opens here. */
export function dollarQuoteEnd(sql: string, at: number, { classes }: SqlDialect): number {
  if (isDigit(sql.charCodeAt(at + 1))) return -1;
  let tagEnd = at + 1;
  for (; ; tagEnd += 1) {
    const code = sql.charCodeAt(tagEnd);
    if (code === DOLLAR) break;
    if (Number.isNaN(code) || (classOf(classes, code) & WORD_PART) === 0) return -1;
  }
  return endOf(sql, sql.slice(at, tagEnd + 1), tagEnd + 1);
}

/** Returns the place behind `E'…'` with its escapes, `N'…'`, `B'…'`, `X'…'` or `q'[…]'`, or -1. */
export function prefixedStringEnd(
  sql: string,
  at: number,
  quoteAt: number,
  dialect: SqlDialect,
): number {
  if (sql.charCodeAt(quoteAt) !== QUOTE) return -1;
  const prefix = sql.slice(at, quoteAt).toLowerCase();
  if (dialect.delimitedQuotes && (prefix === 'q' || prefix === 'nq')) {
    const open = sql.charAt(quoteAt + 1);
    return endOf(sql, `${CLOSING[open] ?? open}'`, quoteAt + 2);
  }
  if (!STRING_PREFIXES.has(prefix)) return -1;
  const escapes = prefix === 'e' || dialect.backslashEscapes;
  const end = quoteEnd(sql, quoteAt, QUOTE, escapes);
  return end < 0 ? sql.length : end;
}

const STRING_PREFIXES = new Set(['e', 'n', 'b', 'x']);
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };
