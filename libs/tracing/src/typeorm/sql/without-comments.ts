import type { SqlDialect } from './dialect.js';
import { END, MAX_TOKENS, SqlLexer } from './tokens/lexer.js';

const MAY_OPEN = /\/\*|--|#/;

/** Returns a statement without its comments, which may hold anything, and what is blank around them. */
export function withoutComments(sql: string, dialect: SqlDialect): string {
  if (!MAY_OPEN.test(sql)) return sql;
  const lexer = new SqlLexer(sql, dialect);
  let text = '';
  let copied = 0;
  let last = 0;
  lexer.next();
  for (let left = MAX_TOKENS; left > 0 && lexer.kind !== END; left -= 1) {
    const { start, end } = lexer;
    if (MAY_OPEN.test(sql.slice(last, start))) {
      text += `${sql.slice(copied, last)}${last > 0 ? ' ' : ''}`;
      copied = start;
    }
    last = end;
    lexer.next();
  }
  return text + sql.slice(copied, last);
}
