import { EXPECTS_TARGET, LISTS_TARGETS, OPENS, OPERATION } from './frame.js';
import type { Keyword } from './keywords.js';
import {
  EXPLAINS,
  GRANTS,
  INTO,
  KEYWORDS,
  LISTS,
  MODIFIER,
  NESTED,
  NO_OPERATION,
  OBJECT,
  UPDATES,
} from './keywords.js';

/** What is known of the token that follows. */
export interface Lookahead {
  readonly keyword: Keyword | undefined;
  readonly isOpening: boolean;
}

const GRANT_SCOPES = new Set(['ALL', 'TABLES', 'SEQUENCES', 'FUNCTIONS', 'IN']);

/** The operation that a keyword begins where it stands, inside of so many parentheses. */
export function operationOf(
  keyword: Keyword,
  next: Lookahead,
  frame: number,
  depth: number,
): number {
  const { operation } = keyword;
  if (operation === NO_OPERATION) return NO_OPERATION;
  const outer = frame & OPERATION;
  if (keyword === KEYWORDS.select) return outer === GRANTS ? NO_OPERATION : operation;
  const isCall = next.isOpening && operation !== EXPLAINS;
  if ((frame & OPENS) === 0 || isCall) return NO_OPERATION;
  if (depth > 0 && (keyword.flags & NESTED) === 0) return NO_OPERATION;
  return outer === EXPLAINS && keyword === KEYWORDS.analyze ? NO_OPERATION : operation;
}

/** What is expected behind the word of an operation. */
export function frameOf(operation: number): number {
  const expects = operation >= INTO && operation <= LISTS ? EXPECTS_TARGET : 0;
  const lists = operation === UPDATES || operation === LISTS ? LISTS_TARGETS : 0;
  const opens = operation === EXPLAINS ? OPENS : 0;
  return operation | expects | lists | opens;
}

/** Whether a keyword stands between an operation and its target. */
export function isModifier({ flags, word }: Keyword, frame: number): boolean {
  if ((flags & MODIFIER) !== 0) return true;
  if ((frame & OPERATION) !== GRANTS) return false;
  return (flags & OBJECT) !== 0 || GRANT_SCOPES.has(word);
}
