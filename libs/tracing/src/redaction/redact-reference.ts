import { REDACTED } from './secret-names.js';
import type { IsSecret } from './secret-names.js';

/** How often a URL may stand inside a parameter of a URL. What is deeper is replaced as a whole. */
const MAX_DEPTH = 4;

/** Redacts the values of a query's secret parameters, and URLs that stand in its other values. */
export function redactQuery(query: string, isSecret: IsSecret, depth = 0): string {
  if (!query.includes('=')) return query;
  return query
    .split('&')
    .map((pair) => redactPair(pair, isSecret, depth))
    .join('&');
}

/**
 * Redacts a URL, absolute or relative, given as text: user and password, and the parameters in its
 * query and fragment. Takes time in proportion to its length, whatever it holds.
 */
export function redactReference(reference: string, isSecret: IsSecret, depth = 0): string {
  const hash = indexOr(reference, '#', reference.length);
  const question = Math.min(indexOr(reference, '?', hash), hash);
  const start = redactUser(reference.slice(0, question));
  const query = redactQuery(reference.slice(question, hash), isSecret, depth);
  return start + query + redactQuery(reference.slice(hash), isSecret, depth);
}

function redactPair(pair: string, isSecret: IsSecret, depth: number): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair;
  const name = pair.slice(0, equals);
  const value = pair.slice(equals + 1);
  if (value === '') return pair;
  return `${name}=${isSecret(decoded(name)) ? REDACTED : redactValue(value, isSecret, depth)}`;
}

/** A value may be a URL, or parameters, encoded once more for each level. */
function redactValue(value: string, isSecret: IsSecret, depth: number): string {
  const text = decoded(value);
  if (!text.includes('=') && !text.includes('//') && !text.includes('%')) return value;
  if (depth === MAX_DEPTH) return REDACTED;
  const redacted = redactNested(text, isSecret, depth + 1);
  if (redacted === text) return value;
  return text === value ? redacted : encodeURIComponent(redacted);
}

/** Parameters may also stand there without the question mark before them. */
function redactNested(text: string, isSecret: IsSecret, depth: number): string {
  return text.includes('?') || text.includes('//') || text.includes('#')
    ? redactReference(text, isSecret, depth)
    : redactQuery(text, isSecret, depth);
}

function redactUser(start: string): string {
  const slashes = start.indexOf('//');
  if (slashes < 0) return start;
  const from = slashes + 2;
  const at = start.slice(from, indexOr(start, '/', start.length, from)).lastIndexOf('@');
  return at < 0 ? start : `${start.slice(0, from)}${REDACTED}:${REDACTED}${start.slice(from + at)}`;
}

function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim();
  } catch {
    return text;
  }
}

function indexOr(text: string, what: string, otherwise: number, from = 0): number {
  const at = text.indexOf(what, from);
  return at < 0 ? otherwise : at;
}
