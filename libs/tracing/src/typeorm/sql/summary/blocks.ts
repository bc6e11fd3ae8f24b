import { DEFINES, NAMES, NO_OPERATION, TRANSACTION } from '../tokens/keyword-roles.js';
import { OPERATION } from './frames.js';
import { WORD } from '../tokens/lexer.js';
import type { Lookahead } from './operations.js';

/** Words behind a BEGIN that starts a transaction, and say of which kind. */
const TRANSACTION_MODES = new Set(
  'AS CONCURRENT DEFERRABLE DEFERRED DISTRIBUTED EXCLUSIVE IMMEDIATE ISOLATION NOT PRIORITY READ'.split(
    ' ',
  ),
);

/**
 * Whether a BEGIN opens a block of statements, which an END closes, and no transaction.
 *
 * @param next what stands behind it
 * @param frame the one that it stands in
 */
export function opensBlock(
  sql: string,
  { kind, start, end, keyword }: Lookahead,
  frame: number,
): boolean {
  const operation = frame & OPERATION;
  if (operation !== NO_OPERATION && operation !== NAMES && operation !== DEFINES) return false;
  if (kind !== WORD || (keyword !== undefined && (keyword.flags & TRANSACTION) !== 0)) return false;
  return !TRANSACTION_MODES.has(sql.slice(start, end).toUpperCase());
}
