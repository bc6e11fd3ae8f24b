import type { Spread } from '../statistics.js';
import { spreadOf } from '../statistics.js';

type Describe = (sql: string, dialect: unknown, asItIs: boolean) => unknown;

const SCANNER = new URL('../../tracing/typeorm/sql/', import.meta.url).href;
const LENGTH = 100_000;
const ROUNDS = 200;

/** What is repeated until it makes 100 KB of SQL. */
const TEXTS: Readonly<Record<string, string>> = {
  'clauses of all kinds':
    "SELECT a.b, 'x', 12 FROM t JOIN u ON a.id = u.id WHERE c IN (1, 2, 'a') AND d = ?; ",
  'rows of values': "INSERT INTO t VALUES (1, 'a', 2.5, NULL); ",
  'nested queries': '(SELECT ',
  comments: '/* x */ ',
};

/** How long our scanner takes for 100 KB of a text, in milliseconds, once it is compiled. */
export async function scannerMillis(): Promise<ReadonlyMap<string, Spread>> {
  const { describeStatement } = (await import(`${SCANNER}describe-statement.js`)) as {
    describeStatement: Describe;
  };
  const { dialectOf } = (await import(`${SCANNER}dialect.js`)) as {
    dialectOf: (system: string) => unknown;
  };
  const dialect = dialectOf('postgresql');
  const figures = new Map<string, Spread>();
  for (const [name, piece] of Object.entries(TEXTS)) {
    const sql = piece.repeat(Math.ceil(LENGTH / piece.length));
    const millis = Array.from({ length: ROUNDS }, () => {
      const start = performance.now();
      describeStatement(sql, dialect, false);
      return performance.now() - start;
    });
    figures.set(name, spreadOf(millis));
  }
  return figures;
}
