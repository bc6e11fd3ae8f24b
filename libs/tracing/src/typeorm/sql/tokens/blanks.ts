import { SPACE, classOf, endOf } from './characters.js';
import type { SqlDialect } from '../dialect.js';

const NEWLINE = '\n';
const [HASH, DASH, SLASH, STAR] = [35, 45, 47, 42];

/** Returns the place behind white space and comments. */
export function blankEnd(sql: string, from: number, dialect: SqlDialect): number {
  const { classes } = dialect;
  let at = from;
  for (;;) {
    const code = sql.charCodeAt(at);
    if (code === 32 || (classOf(classes, code) & SPACE) !== 0) at += 1;
    else if (opensComment(sql, code, at, dialect)) at = commentEnd(sql, at, dialect);
    else return at;
  }
}

/** In MySQL `5--3` is a difference, so dashes need white space behind them. */
function opensComment(sql: string, code: number, at: number, dialect: SqlDialect): boolean {
  if (code === SLASH) return sql.charCodeAt(at + 1) === STAR;
  const { hashComments, classes } = dialect;
  if (code === HASH) return hashComments;
  if (code !== DASH || sql.charCodeAt(at + 1) !== DASH) return false;
  return !hashComments || (classOf(classes, sql.charCodeAt(at + 2)) & SPACE) !== 0;
}

function commentEnd(sql: string, at: number, { nestedComments }: SqlDialect): number {
  if (sql.charCodeAt(at) !== SLASH) return endOf(sql, NEWLINE, at);
  if (!nestedComments) return endOf(sql, '*/', at + 2);
  let depth = 1;
  for (let i = at + 2; i < sql.length; i += 1) {
    const code = sql.charCodeAt(i);
    if (code === SLASH && sql.charCodeAt(i + 1) === STAR) depth += 1;
    else if (code === STAR && sql.charCodeAt(i + 1) === SLASH) depth -= 1;
    else continue;
    i += 1;
    if (depth === 0) return i + 1;
  }
  return sql.length;
}
