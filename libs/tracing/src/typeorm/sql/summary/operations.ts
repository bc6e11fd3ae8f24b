import { EXPECTS_TARGET, LISTS_NAMES, LISTS_TARGETS, OPENS, OPERATION } from './frames.js';
import type { Keyword } from '../tokens/keywords.js';
import {
  EXPLAINS,
  GRANTS,
  INTO,
  LISTS,
  MODIFIER,
  NESTED,
  NO_OPERATION,
  OBJECT,
  UPDATES,
} from '../tokens/keyword-roles.js';
import { KEYWORDS } from '../tokens/keywords.js';

/** The token that follows, as far as it is known. */
export interface Lookahead {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  readonly keyword: Keyword | undefined;
  readonly isOpening: boolean;
}

const GRANT_SCOPES = new Set(['ALL', 'TABLES', 'SEQUENCES', 'FUNCTIONS', 'IN']);

/** Returns the operation that a keyword begins where it stands, inside of so many parentheses. */
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
  if ((frame & OPENS) === 0 || isExpression(next, frame)) return NO_OPERATION;
  if (depth > 0 && (next.isOpening || (keyword.flags & NESTED) === 0)) return NO_OPERATION;
  return outer === EXPLAINS && keyword === KEYWORDS.analyze ? NO_OPERATION : operation;
}

/** Whether what stands before it is the name of a common table expression. */
function isExpression({ isOpening, keyword }: Lookahead, frame: number): boolean {
  return (frame & LISTS_NAMES) !== 0 && (isOpening || keyword === KEYWORDS.as);
}

/** Returns the frame behind the word of an operation. */
export function frameOf(operation: number): number {
  const expects = operation >= INTO && operation <= LISTS ? EXPECTS_TARGET : 0;
  const lists = operation === UPDATES || operation === LISTS ? LISTS_TARGETS : 0;
  const opens = operation === EXPLAINS ? OPENS : 0;
  return operation | expects | lists | opens;
}

/** Whether a keyword stands between an operation and its target. */
export function isModifier(keyword: Keyword, frame: number): boolean {
  const { flags, word } = keyword;
  const operation = frame & OPERATION;
  if ((flags & MODIFIER) !== 0) return true;
  if (operation === INTO) return keyword === KEYWORDS.update;
  if (operation !== GRANTS) return false;
  return (flags & OBJECT) !== 0 || GRANT_SCOPES.has(word);
}
