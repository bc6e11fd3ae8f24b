import { endOf, isDigit, isSpace, isWordPart, isWordStart, skip } from './characters.js';
import type { SqlDialect } from './dialect.js';
import type { Piece, SqlTokenKind } from './piece.js';
import { dollarQuoted, prefixedString, quoted } from './strings.js';

/** A piece of a statement. All pieces together are the statement. */
export interface SqlToken {
  readonly kind: SqlTokenKind;
  readonly text: string;
}

type Rule = (sql: string, at: number, dialect: SqlDialect) => Piece | undefined;

const RULES: readonly Rule[] = [
  blank,
  comment,
  quoted,
  dollarQuoted,
  number,
  parameter,
  prefixedString,
  word,
];

/**
 * Cuts a statement into tokens by the lexical rules of its dialect, in linear time. Never throws: a
 * string, quoted identifier or comment that is not closed reaches to the end, as a literal or blank.
 */
export function scanSql(sql: string, dialect: SqlDialect): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length;) {
    const { kind, end } = pieceAt(sql, at, dialect);
    tokens.push({ kind, text: sql.slice(at, end) });
    at = end;
  }
  return tokens;
}

function pieceAt(sql: string, at: number, dialect: SqlDialect): Piece {
  for (const rule of RULES) {
    const piece = rule(sql, at, dialect);
    if (piece !== undefined) return piece;
  }
  return { kind: 'symbol', end: at + 1 };
}

function blank(sql: string, at: number): Piece | undefined {
  const end = skip(sql, at, isSpace);
  return end > at ? { kind: 'blank', end } : undefined;
}

function comment(sql: string, at: number, dialect: SqlDialect): Piece | undefined {
  if (sql.startsWith('/*', at)) return { kind: 'blank', end: blockCommentEnd(sql, at, dialect) };
  const opened = dialect.hashComments ? opensHashComment(sql, at) : sql.startsWith('--', at);
  return opened ? { kind: 'blank', end: endOf(sql, '\n', at) } : undefined;
}

/** In MySQL `5--3` is a difference, so dashes need white space behind them. */
function opensHashComment(sql: string, at: number): boolean {
  if (sql[at] === '#') return true;
  return sql.startsWith('--', at) && isSpace(sql.charCodeAt(at + 2));
}

function blockCommentEnd(sql: string, at: number, dialect: SqlDialect): number {
  if (!dialect.nestedComments) return endOf(sql, '*/', at + 2);
  const bounds = /\/\*|\*\//g;
  bounds.lastIndex = at + 2;
  for (let depth = 1; depth > 0;) {
    const bound = bounds.exec(sql);
    if (bound === null) return sql.length;
    depth += bound[0] === '/*' ? 1 : -1;
  }
  return bounds.lastIndex;
}

const DOT = 46;

/** Decimal, hexadecimal, with an exponent; whatever is glued to its digits belongs to it. */
function number(sql: string, at: number): Piece | undefined {
  const code = sql.charCodeAt(at);
  const fraction = code === DOT && isDigit(sql.charCodeAt(at + 1)) && !endsName(sql, at - 1);
  if (!isDigit(code) && !fraction) return undefined;
  let end = at + 1;
  while (end < sql.length && continuesNumber(sql, end)) end += 1;
  return { kind: 'literal', end };
}

function continuesNumber(sql: string, at: number): boolean {
  const code = sql.charCodeAt(at);
  if (isWordPart(code) || code === DOT) return true;
  const exponent = sql[at - 1] === 'e' || sql[at - 1] === 'E';
  return exponent && (sql[at] === '+' || sql[at] === '-') && isDigit(sql.charCodeAt(at - 2));
}

function endsName(sql: string, at: number): boolean {
  return isWordPart(sql.charCodeAt(at)) || '"`]'.includes(sql.charAt(at) || ' ');
}

/** `?`, `?1`, `$1`, `:name`, `@name`, `@@name`, and where it is one `:1`. */
function parameter(sql: string, at: number, dialect: SqlDialect): Piece | undefined {
  const next = sql.charCodeAt(at + 1);
  switch (sql[at]) {
    case '?':
      return { kind: 'parameter', end: skip(sql, at + 1, isDigit) };
    case '$':
      return isDigit(next) ? { kind: 'parameter', end: skip(sql, at + 1, isDigit) } : undefined;
    case '@':
      return variable(sql, sql[at + 1] === '@' ? at + 2 : at + 1);
    case ':':
      if (dialect.numberedColons && isDigit(next)) {
        return { kind: 'parameter', end: skip(sql, at + 1, isDigit) };
      }
      return variable(sql, at + 1);
    default:
      return undefined;
  }
}

function variable(sql: string, nameAt: number): Piece | undefined {
  if (!isWordStart(sql.charCodeAt(nameAt))) return undefined;
  return { kind: 'parameter', end: skip(sql, nameAt, isWordPart) };
}

function word(sql: string, at: number): Piece | undefined {
  if (!isWordStart(sql.charCodeAt(at))) return undefined;
  return { kind: 'word', end: skip(sql, at, isWordPart) };
}
