import type { Vector } from './common.js';

const plain = (sql: string, summary: string | undefined): Vector => [sql, sql, summary];

/** What operations and targets are, and what only looks like one. */
export const SUMMARIES: readonly Vector[] = [
  plain('GRANT ALL ON *.* TO u', 'GRANT'),
  plain('GRANT ALL ON * TO u', 'GRANT'),
  plain('GRANT SELECT ON d.* TO u', 'GRANT d'),
  plain('GRANT SELECT ON t TO u, v', 'GRANT t'),
  plain('GRANT SELECT ON t, w TO u', 'GRANT t w'),
  plain('REVOKE ALL ON *.* FROM u', 'REVOKE'),
  plain('REVOKE ALL PRIVILEGES ON *.* FROM u, v', 'REVOKE'),
  plain('REVOKE SELECT ON t FROM u, v', 'REVOKE t'),
  ['VALUES (1), (2)', 'VALUES (?), (?)', 'VALUES'],
  ['SELECT * FROM (VALUES (1), (2)) x', 'SELECT * FROM (VALUES (?), (?)) x', 'SELECT'],
  plain('SELECT * FROM t STRAIGHT_JOIN u ON t.a = u.a', 'SELECT t u'),
  plain('SELECT STRAIGHT_JOIN a FROM t JOIN u', 'SELECT t u'),
  plain('SELECT * FROM t CROSS APPLY f(t.a) x', 'SELECT t f'),
  plain('SELECT * FROM t CROSS APPLY s.f(t.a) x JOIN u ON a = b', 'SELECT t s.f u'),
  [
    'SELECT * FROM t OUTER APPLY (SELECT 1 FROM u) x',
    'SELECT * FROM t OUTER APPLY (SELECT ? FROM u) x',
    'SELECT t SELECT u',
  ],
  plain('SELECT apply FROM t', 'SELECT t'),
  plain('SELECT a FROM t apply WHERE b', 'SELECT t'),
  plain('BEGIN p(a); END', 'BEGIN'),
  ['BEGIN UPDATE t SET a = 1; END', 'BEGIN UPDATE t SET a = ?; END', 'BEGIN UPDATE t'],
  [
    'BEGIN IF a THEN DELETE FROM t; END IF; END;',
    'BEGIN IF a THEN DELETE FROM t; END IF; END;',
    'BEGIN',
  ],
  ['BEGIN; UPDATE t SET a = 1; END;', 'BEGIN; UPDATE t SET a = ?; END;', 'BEGIN UPDATE t END'],
  plain('BEGIN TRANSACTION; DELETE FROM t; END', 'BEGIN TRANSACTION DELETE t END'),
  plain('BEGIN IMMEDIATE; DELETE FROM t; END', 'BEGIN DELETE t END'),
  plain('END', 'END'),
  [
    'CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE u SET a = 1; END',
    'CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE u SET a = ?; END',
    'CREATE TRIGGER r UPDATE u',
  ],
  plain(
    'CREATE PROCEDURE p() BEGIN SELECT a FROM t; DELETE FROM u; END',
    'CREATE PROCEDURE p SELECT t DELETE u',
  ),
  plain('IF a BEGIN DELETE FROM t; END', 'DELETE t'),
  plain('SELECT begin, release, end FROM t', 'SELECT t'),
  plain('WITH comment AS (SELECT a FROM t) SELECT * FROM comment', 'SELECT t SELECT'),
  ['UPSERT INTO t VALUES (1)', 'UPSERT INTO t VALUES (?)', 'UPSERT t'],
  ['UPDATE (SELECT a FROM t) SET a = 1', 'UPDATE (SELECT a FROM t) SET a = ?', 'UPDATE SELECT t'],
  ['INSERT OR UPDATE INTO t (a) VALUES (1)', 'INSERT OR UPDATE INTO t (a) VALUES (?)', 'INSERT t'],
  ['VACUUM (FULL) t', 'VACUUM (FULL) t', 'VACUUM'],
];
