import type { Vector } from './common.js';

/** The family of a dialect: how it quotes names, how it writes values, and what it alone has. */
export interface DialectVectors {
  readonly system: string;
  readonly quotes: readonly [string, string];
  readonly literals: readonly string[];
  readonly own: readonly Vector[];
}

const NUMBERS = ['0', '42', '1.5', '.5', '1e10', '1.5E-7', '0x1F', '007'];

const POSTGRES: DialectVectors = {
  system: 'postgresql',
  quotes: ['"', '"'],
  literals: [...NUMBERS, "'x'", "E'it\\'s'", "B'01'", "X'1F'", '$$x$$', "$t$it's$t$", '1_000'],
  own: [
    ['SELECT $1, $2::int', 'SELECT $1, $2::int', 'SELECT'],
    ["SELECT $$a$$, $b$ $$ ' $b$", 'SELECT ?, ?', 'SELECT'],
    ["SELECT a->'k'->>'l' FROM t", 'SELECT a->?->>? FROM t', 'SELECT t'],
    ['SELECT a[1:2]', 'SELECT a[?:?]', 'SELECT'],
    ["SELECT '{1}'::int[]", 'SELECT ?::int[]', 'SELECT'],
    ["SELECT U&'x'", 'SELECT U&?', 'SELECT'],
    ['SELECT 1 /* a /* 2 */ b */, 3', 'SELECT ? , ?', 'SELECT'],
    ['SELECT "it\'s" FROM t', 'SELECT "it\'s" FROM t', 'SELECT t'],
    ['SELECT * FROM ONLY t', 'SELECT * FROM ONLY t', 'SELECT t'],
    [
      'SELECT * FROM t, LATERAL (SELECT 1) x',
      'SELECT * FROM t, LATERAL (SELECT ?) x',
      'SELECT t SELECT',
    ],
    ['UPDATE ONLY t SET a = 1 FROM u', 'UPDATE ONLY t SET a = ? FROM u', 'UPDATE t u'],
    [
      'INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2 RETURNING a',
      'INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET a = ? RETURNING a',
      'INSERT t',
    ],
    ['TRUNCATE t, u', 'TRUNCATE t, u', 'TRUNCATE t u'],
    [
      'CREATE INDEX CONCURRENTLY i ON t (a)',
      'CREATE INDEX CONCURRENTLY i ON t (a)',
      'CREATE INDEX i',
    ],
    [
      'GRANT ALL ON ALL TABLES IN SCHEMA s TO u',
      'GRANT ALL ON ALL TABLES IN SCHEMA s TO u',
      'GRANT s',
    ],
    ["SET x = 'y'", 'SET x = ?', 'SET'],
    ['SET app.tenant = acme', 'SET app.tenant = ?', 'SET'],
    ['SET LOCAL app.tenant TO acme, "b c"', 'SET LOCAL app.tenant TO ?, ?', 'SET'],
    ['SET x = DEFAULT', 'SET x = DEFAULT', 'SET'],
    ['SET ROLE r', 'SET ROLE r', 'SET'],
    [
      'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
      'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
      'SET TRANSACTION',
    ],
    ['SET x = f(y)', 'SET x = f(y)', 'SET'],
    ['RESET x; SELECT a FROM t', 'RESET x; SELECT a FROM t', 'RESET SELECT t'],
    ['RELEASE s1', 'RELEASE ?', 'RELEASE'],
    ['ROLLBACK TO s1; SELECT a FROM t', 'ROLLBACK TO ?; SELECT a FROM t', 'ROLLBACK TO SELECT t'],
    ['ROLLBACK AND CHAIN', 'ROLLBACK AND CHAIN', 'ROLLBACK'],
    [
      'SELECT release, savepoint, rollback FROM t',
      'SELECT release, savepoint, rollback FROM t',
      'SELECT t',
    ],
    ['COPY t (a) FROM stdin;\n1\tacme\n\\.', 'COPY t (a) FROM stdin; ? ? ??', 'COPY'],
    ['COPY t FROM STDIN CSV; SELECT a FROM acme', 'COPY t FROM STDIN CSV; ? ? ? ?', 'COPY'],
    [
      "COPY t FROM PROGRAM 'x'; SELECT a FROM t",
      'COPY t FROM PROGRAM ?; SELECT a FROM t',
      'COPY SELECT t',
    ],
    [
      'COPY (SELECT a FROM t) TO STDOUT; SELECT b FROM u',
      'COPY (SELECT a FROM t) TO STDOUT; SELECT b FROM u',
      'SELECT t SELECT u',
    ],
    ['SELECT a ? b', 'SELECT a ? b', 'SELECT'],
    ["SELECT $x$ open '", 'SELECT ?', 'SELECT'],
    ['EXPLAIN ANALYZE DELETE FROM t', 'EXPLAIN ANALYZE DELETE FROM t', 'EXPLAIN DELETE t'],
    ['EXPLAIN (ANALYZE) SELECT 1', 'EXPLAIN (ANALYZE) SELECT ?', 'EXPLAIN SELECT'],
    [
      'WITH x AS MATERIALIZED (SELECT 1) SELECT * FROM x',
      'WITH x AS MATERIALIZED (SELECT ?) SELECT * FROM x',
      'SELECT SELECT',
    ],
    ['SELECT # 5', 'SELECT # ?', 'SELECT'],
  ],
};

const MYSQL: DialectVectors = {
  system: 'mysql',
  quotes: ['`', '`'],
  literals: [
    ...NUMBERS,
    "'x'",
    '"x"',
    "'it\\'s'",
    '"a\\"b"',
    "N'x'",
    "x'1F'",
    "b'01'",
    '"it\'s"',
    '0b11',
  ],
  own: [
    ['SELECT "a" FROM `t`', 'SELECT ? FROM `t`', 'SELECT `t`'],
    ['SELECT 1 # x\n, 2', 'SELECT ? , ?', 'SELECT'],
    ['SELECT 5--3', 'SELECT ?--?', 'SELECT'],
    ['SELECT 5 -- 3', 'SELECT ?', 'SELECT'],
    ['SELECT a FROM t WHERE b = ?', 'SELECT a FROM t WHERE b = ?', 'SELECT t'],
    ['SELECT @a, @@b', 'SELECT @a, @@b', 'SELECT'],
    ["SET @a = 'x'", 'SET @a = ?', 'SET'],
    ['SET sql_mode = ANSI, autocommit = 1', 'SET sql_mode = ?, autocommit = ?', 'SET'],
    ['SET NAMES utf8mb4', 'SET NAMES utf8mb4', 'SET'],
    ['SET @a = t.b', 'SET @a = t.b', 'SET'],
    ["SELECT _utf8'x'", 'SELECT _utf8?', 'SELECT'],
    ['INSERT IGNORE INTO t VALUES (1)', 'INSERT IGNORE INTO t VALUES (?)', 'INSERT t'],
    ['INSERT t VALUES (1)', 'INSERT t VALUES (?)', 'INSERT t'],
    ['REPLACE INTO t VALUES (1)', 'REPLACE INTO t VALUES (?)', 'REPLACE t'],
    [
      'INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 2',
      'INSERT INTO t VALUES (?) ON DUPLICATE KEY UPDATE a = ?',
      'INSERT t',
    ],
    ['DELETE a, b FROM a JOIN b', 'DELETE a, b FROM a JOIN b', 'DELETE a b'],
    ['DELETE LOW_PRIORITY QUICK FROM t', 'DELETE LOW_PRIORITY QUICK FROM t', 'DELETE t'],
    ['UPDATE LOW_PRIORITY t SET a = 1', 'UPDATE LOW_PRIORITY t SET a = ?', 'UPDATE t'],
    ['SELECT /*+ HINT(1) */ a FROM t', 'SELECT a FROM t', 'SELECT t'],
    ['SELECT a FROM t LIMIT 1, 2', 'SELECT a FROM t LIMIT ?, ?', 'SELECT t'],
    ["CREATE USER 'u'@'h' IDENTIFIED BY 'p'", 'CREATE USER ?@? IDENTIFIED BY ?', 'CREATE USER'],
    [
      "CREATE USER u IDENTIFIED WITH plugin AS 'p'",
      'CREATE USER u IDENTIFIED WITH plugin AS ?',
      'CREATE USER',
    ],
    ["SHOW TABLES LIKE 'x'", 'SHOW TABLES LIKE ?', 'SHOW'],
  ],
};

const SQLITE: DialectVectors = {
  system: 'sqlite',
  quotes: ['"', '"'],
  literals: [...NUMBERS, "'x'", "X'1F'", "'it''s'", "'a\\'", "x'00'", "'\"'", "'é'"],
  own: [
    ['SELECT * FROM t WHERE a = "x"', 'SELECT * FROM t WHERE a = ?', 'SELECT t'],
    ['SELECT * FROM t WHERE "a" = "x"', 'SELECT * FROM t WHERE "a" = ?', 'SELECT t'],
    ['SELECT * FROM t WHERE a LIKE "x"', 'SELECT * FROM t WHERE a LIKE ?', 'SELECT t'],
    ['SELECT * FROM t WHERE a IN ("x", "y")', 'SELECT * FROM t WHERE a IN (?)', 'SELECT t'],
    ['INSERT INTO t VALUES ("x", "y")', 'INSERT INTO t VALUES (?, ?)', 'INSERT t'],
    [
      'INSERT INTO "t"("a", "b") VALUES ("x", 1)',
      'INSERT INTO "t"("a", "b") VALUES (?, ?)',
      'INSERT "t"',
    ],
    ['SELECT "x"', 'SELECT ?', 'SELECT'],
    ['SELECT "t"."a" FROM "t"', 'SELECT "t"."a" FROM "t"', 'SELECT "t"'],
    ['SELECT a AS "x" FROM t', 'SELECT a AS "x" FROM t', 'SELECT t'],
    ['SELECT * FROM "t", "u"', 'SELECT * FROM "t", "u"', 'SELECT "t" "u"'],
    ['SELECT * FROM t ORDER BY "a" DESC', 'SELECT * FROM t ORDER BY "a" DESC', 'SELECT t'],
    ['SELECT * FROM t WHERE "a" IS NULL', 'SELECT * FROM t WHERE "a" IS NULL', 'SELECT t'],
    ['UPDATE t SET "a" = "x"', 'UPDATE t SET "a" = ?', 'UPDATE t'],
    [
      'CREATE TABLE "t" ("a" text DEFAULT "x")',
      'CREATE TABLE "t" ("a" text DEFAULT ?)',
      'CREATE TABLE "t"',
    ],
    [
      'CREATE TABLE "t" ("a" text, UNIQUE ("a"))',
      'CREATE TABLE "t" ("a" text, UNIQUE ("a"))',
      'CREATE TABLE "t"',
    ],
    ['PRAGMA table_info("t")', 'PRAGMA table_info("t")', 'PRAGMA table_info'],
    ['PRAGMA key = acme', 'PRAGMA key = ?', 'PRAGMA key'],
    ['PRAGMA journal_mode=WAL', 'PRAGMA journal_mode=?', 'PRAGMA journal_mode'],
    ['ATTACH \'a\' AS b KEY "c"', 'ATTACH ? AS b KEY ?', 'ATTACH'],
    ['VACUUM INTO "a"', 'VACUUM INTO ?', 'VACUUM'],
    ['SELECT [a b], `c` FROM [t]', 'SELECT [a b], `c` FROM [t]', 'SELECT [t]'],
    ['SELECT ?1, :a, @b, $c', 'SELECT ?1, :a, @b, $c', 'SELECT'],
    ['INSERT OR REPLACE INTO t VALUES (1)', 'INSERT OR REPLACE INTO t VALUES (?)', 'INSERT t'],
    ['SELECT lower("X")', 'SELECT lower(?)', 'SELECT'],
    ['ATTACH "x" AS y', 'ATTACH ? AS y', 'ATTACH'],
    ['SELECT "open', 'SELECT ?', 'SELECT'],
  ],
};

const SQL_SERVER: DialectVectors = {
  system: 'microsoft.sql_server',
  quotes: ['[', ']'],
  literals: [...NUMBERS, "'x'", "N'x'", "'it''s'", '0xDEADBEEF', "n'é'", "'a\\'", "'[x]'"],
  own: [
    ['SELECT [a]]b] FROM [t]', 'SELECT [a]]b] FROM [t]', 'SELECT [t]'],
    ['SELECT "a" FROM "t"', 'SELECT "a" FROM "t"', 'SELECT "t"'],
    ['SELECT @p0, @@ROWCOUNT', 'SELECT @p0, @@ROWCOUNT', 'SELECT'],
    ['SELECT $100.50', 'SELECT $?', 'SELECT'],
    ['SELECT TOP 10 a FROM t', 'SELECT TOP ? a FROM t', 'SELECT t'],
    ['SELECT * FROM #tmp', 'SELECT * FROM #tmp', 'SELECT #tmp'],
    ['SELECT * FROM dbo.t WITH (NOLOCK)', 'SELECT * FROM dbo.t WITH (NOLOCK)', 'SELECT dbo.t'],
    ['EXEC dbo.p @a = 1', 'EXEC dbo.p @a = ?', 'EXEC dbo.p'],
    ["EXECUTE p 'x'", 'EXECUTE p ?', 'EXECUTE p'],
    ['EXEC dbo.p acme, b', 'EXEC dbo.p ?, ?', 'EXEC dbo.p'],
    ['EXEC p @a = acme, @b OUTPUT', 'EXEC p @a = ?, @b OUTPUT', 'EXEC p'],
    [
      'ROLLBACK TRAN s\nSELECT a FROM t',
      'ROLLBACK TRAN ? SELECT a FROM t',
      'ROLLBACK TRAN SELECT t',
    ],
    ['SAVE TRANSACTION s', 'SAVE TRANSACTION ?', 'SAVE TRANSACTION'],
    ['BEGIN TRAN', 'BEGIN TRAN', 'BEGIN TRAN'],
    ["CREATE LOGIN l WITH PASSWORD = 'p'", 'CREATE LOGIN l WITH PASSWORD = ?', 'CREATE LOGIN'],
    ['CREATE LOGIN l WITH PASSWORD = p', 'CREATE LOGIN l WITH PASSWORD = ?', 'CREATE LOGIN'],
    [
      'INSERT t (a) OUTPUT inserted.a VALUES (1)',
      'INSERT t (a) OUTPUT inserted.a VALUES (?)',
      'INSERT t',
    ],
    [
      'UPDATE t SET a = 1 FROM t JOIN u ON 1 = 1',
      'UPDATE t SET a = ? FROM t JOIN u ON ? = ?',
      'UPDATE t t u',
    ],
    ['DELETE t FROM t WHERE a = 1', 'DELETE t FROM t WHERE a = ?', 'DELETE t'],
    ['SELECT 1 /* a /* b */ c */', 'SELECT ?', 'SELECT'],
    [
      'SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY',
      'SELECT a FROM t ORDER BY a OFFSET ? ROWS FETCH NEXT ? ROWS ONLY',
      'SELECT t',
    ],
    ["USE db; SELECT 'x'", 'USE db; SELECT ?', 'USE SELECT'],
  ],
};

const ORACLE: DialectVectors = {
  system: 'oracle.db',
  quotes: ['"', '"'],
  literals: [...NUMBERS, "'x'", "N'x'", "q'[it's]'", "nq'{x}'", "Q'!a'b!'", "'it''s'", '1.5f'],
  own: [
    ['SELECT :1, :name FROM dual', 'SELECT :1, :name FROM dual', 'SELECT dual'],
    ["SELECT q'<it's>', q'(x)' FROM dual", 'SELECT ?, ? FROM dual', 'SELECT dual'],
    ["SELECT q'[open", 'SELECT ?', 'SELECT'],
    ['SELECT a FROM t WHERE ROWNUM <= 5', 'SELECT a FROM t WHERE ROWNUM <= ?', 'SELECT t'],
    ['SELECT sys$x, a#b FROM t$1', 'SELECT sys$x, a#b FROM t$1', 'SELECT t$1'],
    ['SELECT * FROM t@link', 'SELECT * FROM t@link', 'SELECT t'],
    ['CREATE USER u IDENTIFIED BY "Secret1"', 'CREATE USER u IDENTIFIED BY ?', 'CREATE USER'],
    [
      "CREATE USER u IDENTIFIED BY VALUES 'S:1'",
      'CREATE USER u IDENTIFIED BY VALUES ?',
      'CREATE USER',
    ],
    ['GRANT CONNECT TO u IDENTIFIED BY p', 'GRANT CONNECT TO u IDENTIFIED BY ?', 'GRANT'],
    [
      'SELECT a FROM t START WITH b = 1 CONNECT BY PRIOR a = b',
      'SELECT a FROM t START WITH b = ? CONNECT BY PRIOR a = b',
      'SELECT t',
    ],
    ["SELECT TO_DATE('2026', 'YYYY') FROM dual", 'SELECT TO_DATE(?, ?) FROM dual', 'SELECT dual'],
    [
      'MERGE INTO t USING dual ON (t.a = 1) WHEN NOT MATCHED THEN INSERT (a) VALUES (1)',
      'MERGE INTO t USING dual ON (t.a = ?) WHEN NOT MATCHED THEN INSERT (a) VALUES (?)',
      'MERGE t dual',
    ],
    ['BEGIN p(1); END;', 'BEGIN p(?); END;', 'BEGIN END'],
    ['SELECT /*+ FULL(t) */ a FROM t', 'SELECT a FROM t', 'SELECT t'],
    ['DROP TABLE t CASCADE CONSTRAINTS', 'DROP TABLE t CASCADE CONSTRAINTS', 'DROP TABLE t'],
    [
      'SELECT a FROM t MINUS SELECT b FROM u',
      'SELECT a FROM t MINUS SELECT b FROM u',
      'SELECT t SELECT u',
    ],
  ],
};

/** Every family of dialects. */
export const FAMILIES: readonly DialectVectors[] = [POSTGRES, MYSQL, SQLITE, SQL_SERVER, ORACLE];
