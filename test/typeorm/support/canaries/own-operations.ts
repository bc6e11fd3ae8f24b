import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import type { Planting } from './operations.js';
import { CANARY, CANARY_NUMBER } from './values.js';

const raw =
  (...statements: string[]): Planting =>
  async (ds) => {
    for (const sql of statements) await ds.query(sql);
  };

/** What one system alone has, by `db.system.name`. */
export const OWN_PLANTINGS: Readonly<Record<string, readonly Planting[]>> = {
  postgresql: [
    raw(`SELECT '${CANARY}'::int`),
    raw(`SELECT jsonb '{${CANARY}}'`),
    raw(`SELECT '{${CANARY}'::text[]`),
    raw(`SELECT CAST('${CANARY}' AS uuid), date '${CANARY}'`),
    raw(
      `DO $$ BEGIN RAISE EXCEPTION '${CANARY}' USING DETAIL = '${CANARY}', HINT = '${CANARY}'; END $$`,
    ),
    raw(`NOTIFY changes, '${CANARY}'`),
    raw(`COPY (SELECT '${CANARY}') TO '/nowhere/${CANARY}'`),
    raw(`SET application_name = ${CANARY}`, 'RESET application_name'),
    (ds) => ds.query('SELECT $1::int', [CANARY]),
    (ds) => ds.query(`SELECT $1::int /* ${CANARY} */`, [CANARY_NUMBER]),
    (ds) => stream(ds, 'SELECT $1::int', [CANARY]),
  ],
  mariadb: [
    raw(`SELECT "${CANARY}" # ${CANARY}`),
    raw(`SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${CANARY}', MYSQL_ERRNO = 1001`),
    raw(`SELECT JSON_VALUE('${CANARY}', '$.${CANARY}')`),
    raw(`SET @planted = '${CANARY}'`),
    (ds) => ds.query(`SELECT ? -- ${CANARY}`, [CANARY]),
    (ds) => stream(ds, 'SELECT * FROM missing WHERE a = ?', [CANARY]),
  ],
  sqlite: [
    raw(`SELECT "${CANARY}"`),
    raw(`SELECT json_extract('${CANARY}', '$.${CANARY}')`),
    (ds) => ds.query(`SELECT abs(?) /* ${CANARY} */`, [CANARY]),
  ],
};

async function stream(dataSource: DataSource, sql: string, parameters: unknown[]): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    const rows = (await runner.stream(sql, parameters)) as Readable;
    await finished(rows.resume());
  } finally {
    await runner.release();
  }
}
