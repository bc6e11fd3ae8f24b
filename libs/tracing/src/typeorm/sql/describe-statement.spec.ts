import { describe, expect, it } from 'vitest';
import { describeStatement } from './describe-statement.js';
import { dialectOf } from './dialect.js';

const sanitized = (system: string, sql: string): string =>
  describeStatement(sql, dialectOf(system), false).text;
const summary = (sql: string, system = 'postgresql'): string | undefined =>
  describeStatement(sql, dialectOf(system), false).summary;

describe('B7 the text of a statement', () => {
  it.each([
    [
      'postgresql',
      `SELECT * FROM t WHERE a = 'x''y' AND b = 1`,
      'SELECT * FROM t WHERE a = ? AND b = ?',
    ],
    ['postgresql', `SELECT 1.5e-7, .5, 0xFF, 1_000, -2`, 'SELECT ?, ?, ?, ?, -?'],
    ['postgresql', `SELECT $$a$$, $t$ $a$ $t$, E'it\\'s', B'01', X'ff'`, 'SELECT ?, ?, ?, ?, ?'],
    ['postgresql', `SELECT $1::text, "it's", a -> 'k'`, 'SELECT $1::text, "it\'s", a -> ?'],
    ['postgresql', `SELECT a[1:2], ARRAY['x']`, 'SELECT a[?:?], ARRAY[?]'],
    ['postgresql', `SELECT 1 -- 'x'\nFROM t /* 2 /* 3 */ 'y' */`, 'SELECT ? FROM t'],
    ['postgresql', `SELECT t1.c2 FROM t1`, 'SELECT t1.c2 FROM t1'],
    ['postgresql', `SELECT 1 WHERE a IN (1, 'b',3)`, 'SELECT ? WHERE a IN (?)'],
    ['mysql', `SELECT "a\\"b", 'c\\'d' FROM \`t'1\``, "SELECT ?, ? FROM `t'1`"],
    ['mysql', `SELECT 5--3 # 'x'\n, 1 -- y`, 'SELECT ?--? , ?'],
    ['mariadb', `INSERT INTO t VALUES (NULL, TRUE, 'a')`, 'INSERT INTO t VALUES (NULL, ?, ?)'],
    ['sqlite', `SELECT [a'b], \`c'd\`, "e'f", ?1, :n, 'x'`, "SELECT [a'b], `c'd`, ?, ?1, :n, ?"],
    ['microsoft.sql_server', `SELECT [a]]b], N'x', @p0`, 'SELECT [a]]b], ?, @p0'],
    ['oracle.db', `SELECT q'[it's]', nq'{x}', :1 FROM dual`, 'SELECT ?, ?, :1 FROM dual'],
    ['other_sql', `SELECT 'x', "y"`, 'SELECT ?, "y"'],
  ])('holds no literal (%s: %s)', (system, sql, expected) => {
    expect(sanitized(system, sql)).toBe(expected);
  });

  it.each(["'", '"', '$$', '$x$', '/*', "E'"])('hides what an open %s may hold', (opening) => {
    expect(sanitized('postgresql', `SELECT ${opening} canary`)).not.toContain('canary');
  });

  it('is as it is if there are parameters', () => {
    const sql = `SELECT  'a'\n, $1`;
    expect(describeStatement(sql, dialectOf('postgresql'), true).text).toBe(sql);
  });

  it.each([
    [
      'postgresql',
      "/* a */ SELECT '--', $1 -- b\n, a #> $2 /* c /* d */ e */",
      "SELECT '--', $1 , a #> $2",
    ],
    ['postgresql', 'SELECT $1;-- a', 'SELECT $1;'],
    ['mysql', "SELECT 5--3, '#' # a\n, ? -- b", "SELECT 5--3, '#' , ?"],
    ['oracle.db', 'SELECT /*+ a */ :1/*b*/FROM dual', 'SELECT :1 FROM dual'],
    ['postgresql', '-- a', ''],
    ['mysql', `SELECT ${'?,'.repeat(3000)} 1 # a`, `SELECT ${'?,'.repeat(2047)}?`],
  ])('leaves the comments out of one with parameters: %s %j', (system, sql, text) => {
    expect(describeStatement(sql, dialectOf(system), true).text).toBe(text);
  });

  it('is the same when sanitized again, and nothing makes it throw', () => {
    const pieces = [`'`, '"', '`', '[', ']', '$', '$a$', '/*', '*/', '--', '#', '\\', '\n', ' '];
    const others = [
      '1',
      '.',
      'e+',
      'IN (',
      ',',
      ')',
      '?',
      ':',
      '@',
      ';',
      'SELECT',
      'FROM',
      'q',
      'é',
    ];
    const random = lcg(7);
    for (let round = 0; round < 3000; round++) {
      const all = [...pieces, ...others];
      const sql = Array.from({ length: 12 }, () => all[random() % all.length]).join('');
      for (const system of ['postgresql', 'mysql', 'sqlite', 'oracle.db']) {
        const once = sanitized(system, sql);
        expect(sanitized(system, once), `${system}: ${sql}`).toBe(once);
      }
    }
  });

  it('ends between two tokens when the statement goes on and on', () => {
    const row = `(1, 'canary', "c"), `;
    const text = sanitized('postgresql', `INSERT INTO t VALUES ${row.repeat(5_000)}`);
    expect(text).not.toContain('canary');
    expect(text.length).toBeGreaterThan(4_096);
    expect(text.length).toBeLessThan(16_384);
    expect(text.startsWith('INSERT INTO t VALUES (?, ?, "c"), (?')).toBe(true);
    expect(sanitized('postgresql', text)).toBe(text);
    expect(summary(`INSERT INTO t VALUES ${row.repeat(5_000)}; DROP TABLE u`)).toBe('INSERT t');
  });

  it('keeps all of a statement of few tokens, however long they are', () => {
    const name = `"${'n'.repeat(50_000)}"`;
    const sql = `SELECT ${name}, '${'x'.repeat(50_000)}', 1 FROM t`;
    expect(sanitized('postgresql', sql)).toBe(`SELECT ${name}, ?, ? FROM t`);
  });

  it('takes linear time, whatever the text', () => {
    for (const piece of ['/*', "'", '$a', '$a$', '(', 'a.', 'IN (?,', 'WITH a AS (']) {
      const startedAt = performance.now();
      sanitized('postgresql', piece.repeat(50_000));
      expect(performance.now() - startedAt, piece).toBeLessThan(1000);
    }
  });
});

describe('B6 the summary of a statement', () => {
  it.each([
    ['SELECT * FROM wuser_table WHERE username = ?', 'SELECT wuser_table'],
    [
      'INSERT INTO shipping_details (a) SELECT b FROM orders',
      'INSERT shipping_details SELECT orders',
    ],
    ['SELECT * FROM songs, artists', 'SELECT songs artists'],
    [
      'SELECT * FROM (SELECT * FROM orders) o JOIN customers c ON true',
      'SELECT SELECT orders customers',
    ],
    [
      'SELECT "u"."id" FROM "public"."user" "u" LEFT JOIN "post" "p" ON 1=1',
      'SELECT "public"."user" "post"',
    ],
    ['select 1', 'select'],
    ['SELECT EXTRACT(YEAR FROM d) FROM t WHERE a IS DISTINCT FROM b', 'SELECT t'],
    ['SELECT a FROM t UNION SELECT b FROM u', 'SELECT t SELECT u'],
    ['WITH x AS (SELECT 1 FROM a) SELECT * FROM x, b', 'SELECT a SELECT b'],
    ['UPDATE ONLY "t" SET a = 1, b = 2 FROM u WHERE c', 'UPDATE "t" u'],
    ['DELETE FROM t USING u WHERE x', 'DELETE t u'],
    ['INSERT INTO t(a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = 1', 'INSERT t'],
    ['SELECT * FROM t FOR UPDATE', 'SELECT t'],
    ['CREATE UNIQUE INDEX "i" ON "t" ("a")', 'CREATE INDEX "i"'],
    ['CREATE TABLE IF NOT EXISTS t AS SELECT * FROM u', 'CREATE TABLE t SELECT u'],
    ['ALTER TABLE "t" ADD CONSTRAINT "c" UNIQUE ("a")', 'ALTER TABLE "t"'],
    ['DROP TABLE "t"', 'DROP TABLE "t"'],
    ['TRUNCATE TABLE "t"', 'TRUNCATE "t"'],
    ['CREATE USER alice', 'CREATE USER'],
    ['START TRANSACTION', 'START TRANSACTION'],
    ['RELEASE SAVEPOINT typeorm_1', 'RELEASE SAVEPOINT'],
    ['CALL do_it(1)', 'CALL do_it'],
    ['EXPLAIN ANALYZE DELETE FROM t', 'EXPLAIN DELETE t'],
    ['-- first\n/* then */ SELECT a FROM t; UPDATE u SET a = 1', 'SELECT t UPDATE u'],
  ])('is built from operations and targets (%s)', (sql, expected) => {
    expect(summary(sql)).toBe(expected);
  });

  it('names several tables of a MySQL statement', () => {
    expect(summary('UPDATE `a` x, b SET x.y = 1', 'mysql')).toBe('UPDATE `a` b');
    expect(summary('DELETE t1 FROM t1 JOIN t2', 'mysql')).toBe('DELETE t1 t2');
  });

  it('is left out for what opens with no known operation', () => {
    expect(summary('alice@secret.example')).toBeUndefined();
    expect(summary('')).toBeUndefined();
  });

  it('has 255 characters at most and is cut between words', () => {
    const tables = Array.from({ length: 60 }, (_, at) => `table_${at}`);
    const text = summary(`SELECT * FROM ${tables.join(', ')}`) ?? '';
    expect(text.length).toBeLessThanOrEqual(255);
    expect(tables).toContain(text.split(' ').at(-1));
  });
});

/** A small reproducible source of numbers. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state >> 8;
  };
}
