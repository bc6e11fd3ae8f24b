/** A longer document is read as far as this. */
const LONGEST_DOCUMENT = 32_768;

type TokenKind = 'name' | 'punctuator' | 'string' | 'number';

/** A token of a document, by where it is in the text. */
interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** White space, commas and comments mean nothing in GraphQL. */
const IGNORED = /(?:[\s,\uFEFF]|#[^\n\r]*(?:[\n\r]|$))*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9][A-Za-z0-9_.+-]*/y;
const STRING = /"(?:[^"\\\n\r]|\\.)*"?/y;
const BLOCK_STRING_END = /(?<!\\)"""/g;

/**
 * Reads the tokens of a document, whatever it is; a text that is no GraphQL has tokens as well. Linear in
 * the length of the text.
 *
 * @see https://spec.graphql.org/October2021/#sec-Appendix-Grammar-Summary.Lexical-Tokens
 */
export function* tokensOf(document: string): Generator<Token, undefined> {
  const text = document.slice(0, LONGEST_DOCUMENT);
  let at = endOf(IGNORED, text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    yield token;
    at = endOf(IGNORED, text, token.end);
  }
  return undefined;
}

function tokenAt(text: string, start: number): Token {
  if (text.startsWith('"""', start)) return { kind: 'string', start, end: blockEnd(text, start) };
  const kinds = [
    ['name', NAME],
    ['string', STRING],
    ['number', NUMBER],
  ] as const;
  for (const [kind, pattern] of kinds) {
    const end = endOf(pattern, text, start);
    if (end > start) return { kind, start, end };
  }
  const end = text.startsWith('...', start) ? start + 3 : start + 1;
  return { kind: 'punctuator', start, end };
}

function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

function blockEnd(text: string, start: number): number {
  BLOCK_STRING_END.lastIndex = start + 3;
  return BLOCK_STRING_END.test(text) ? BLOCK_STRING_END.lastIndex : text.length;
}
