import type { Attributes } from '@opentelemetry/api';

/** `db.response.returned_rows`. */
export const ATTR_RETURNED_ROWS = 'db.response.returned_rows';

/**
 * Returns how many rows a statement returned, by the shapes in which TypeORM hands them out; nothing for one
 * that returns none.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/#db-response-returned-rows
 */
export function returnedRows(result: unknown): Attributes {
  const rows = rowsIn(result);
  return rows === undefined ? {} : { [ATTR_RETURNED_ROWS]: rows };
}

function rowsIn(result: unknown): number | undefined {
  if (!Array.isArray(result)) return recordsIn(result);
  const [rows, affected] = result as [unknown, unknown];
  // PostgreSQL's result of UPDATE and DELETE: the rows of RETURNING and the number of affected ones.
  const isPair = result.length === 2 && Array.isArray(rows) && !Array.isArray(affected);
  return isPair ? rows.length : result.length;
}

function recordsIn(result: unknown): number | undefined {
  const records: unknown = (result as { records?: unknown } | null | undefined)?.records;
  return Array.isArray(records) ? records.length : undefined;
}
