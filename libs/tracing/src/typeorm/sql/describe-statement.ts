import type { SqlDialect } from './dialect.js';
import { sanitizeSql } from './sanitize.js';
import { scanSql } from './scan.js';
import { summarizeSql } from './summary.js';

/** The most that is read of one statement, in characters. */
const MAX_SCANNED = 16_384;

/** What may be said of a statement without saying a value. */
export interface StatementDescription {
  /** `db.query.summary`; undefined if the statement opens with no known operation. */
  readonly summary: string | undefined;
  /** `db.query.text`. */
  readonly text: string;
}

/**
 * Describes a statement. One with parameters is told as it is: who passes values apart keeps them out
 * of the text. Any other is told without its literals, and cut after 16,384 characters.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext
 */
export function describeStatement(
  sql: string,
  dialect: SqlDialect,
  asItIs: boolean,
): StatementDescription {
  const tokens = scanSql(sql.slice(0, MAX_SCANNED), dialect);
  return { summary: summarizeSql(tokens), text: asItIs ? sql : sanitizeSql(tokens) };
}
