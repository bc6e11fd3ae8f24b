import { SearchError } from './search.error.js';

/** A term of a search: `-key:value`, or a word without a key. */
export interface Term {
  readonly at: number;
  readonly isNegated: boolean;
  readonly key: string;
  /** Without its quotes. */
  readonly value: string;
}

const MAX_CHARS = 1_000;
const KEY = /^[a-z]{2,10}$/i;

/**
 * Splits a search at its blanks; what stands in quotes stays together, and is a word even with a colon.
 *
 * @throws SearchError if a quote is not closed or the search is too long.
 */
export function readTerms(query: string): Term[] {
  if (query.length > MAX_CHARS) {
    throw new SearchError(`A search has ${MAX_CHARS} characters at most.`, MAX_CHARS);
  }
  const terms: Term[] = [];
  for (let at = skipBlanks(query, 0); at < query.length; at = skipBlanks(query, at)) {
    const end = endOfTerm(query, at);
    terms.push(readTerm(query.slice(at, end), at));
    at = end;
  }
  return terms;
}

function readTerm(text: string, at: number): Term {
  const isNegated = text.length > 1 && text.startsWith('-');
  const body = isNegated ? text.slice(1) : text;
  const colon = body.indexOf(':');
  const key = body.slice(0, Math.max(0, colon));
  if (!KEY.test(key)) return { at, isNegated, key: '', value: unquote(body) };
  return { at, isNegated, key: key.toLowerCase(), value: unquote(body.slice(colon + 1)) };
}

function skipBlanks(query: string, from: number): number {
  let at = from;
  while (at < query.length && isBlank(query[at]!)) at += 1;
  return at;
}

function endOfTerm(query: string, from: number): number {
  let quote = -1;
  for (let at = from; at < query.length; at++) {
    if (query[at] === '"') quote = quote < 0 ? at : -1;
    else if (quote < 0 && isBlank(query[at]!)) return at;
  }
  if (quote >= 0) throw new SearchError('A quotation mark is not closed.', quote);
  return query.length;
}

function isBlank(character: string): boolean {
  return character.trim() === '';
}

function unquote(text: string): string {
  return text.replaceAll('"', '');
}
