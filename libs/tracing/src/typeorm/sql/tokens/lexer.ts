import { blankEnd } from './blanks.js';
import { DIGIT, WORD_PART, WORD_START, classOf, isDigit } from './characters.js';
import type { SqlDialect } from '../dialect.js';
import type { Keyword } from './keywords.js';
import { KEYWORDS, keywordAt } from './keywords.js';
import { dollarQuoteEnd, prefixedStringEnd, quoteEnd } from './strings.js';

/** Kinds of tokens. A symbol is one character of anything else. */
export const END = 0;
export const WORD = 1;
export const IDENTIFIER = 2;
export const LITERAL = 3;
export const PARAMETER = 4;
export const SYMBOL = 5;

/**
 * The number of tokens that are read of a statement; what lies behind is left out of its text and its
 * summary. A statement that somebody wrote ends before, one that a program wrote goes on the same way.
 */
export const MAX_TOKENS = 4096;

const [DASH, DOT] = [45, 46];
const [DOLLAR, COLON, QUESTION, AT, BRACKET] = [36, 58, 63, 64, 91];
const [QUOTE, DOUBLE_QUOTE, BACKTICK, CLOSING_BRACKET] = [39, 34, 96, 93];

/**
 * Cuts a statement into tokens by the lexical rules of its dialect, one at a time and in linear time.
 * Never throws: a string or quoted identifier that is not closed is a literal up to the end, a comment
 * white space.
 */
export class SqlLexer {
  /** The kind of the token that `next` found. */
  kind = END;
  start = 0;
  end = 0;
  keyword: Keyword | undefined;
  /** Whether white space or a comment lies before it. */
  afterBlank = false;
  readonly #sql: string;
  readonly #dialect: SqlDialect;

  constructor(sql: string, dialect: SqlDialect) {
    this.#sql = sql;
    this.#dialect = dialect;
  }

  /** Whether it is `(`. */
  get isOpening(): boolean {
    return this.kind === SYMBOL && this.#sql.charCodeAt(this.start) === 40;
  }

  /** Goes on to the next token. */
  next(): void {
    const at = blankEnd(this.#sql, this.end, this.#dialect);
    this.afterBlank = at > this.end;
    this.start = at;
    this.keyword = undefined;
    this.kind = this.#token(at);
  }

  #token(at: number): number {
    const sql = this.#sql;
    if (at >= sql.length) return this.#found(END, at);
    const code = sql.charCodeAt(at);
    const type = classOf(this.#dialect.classes, code);
    if ((type & WORD_START) !== 0) return this.#word(at);
    if ((type & DIGIT) !== 0) return this.#number(at);
    switch (code) {
      case QUOTE:
      case DOUBLE_QUOTE:
      case BACKTICK:
      case BRACKET:
        return this.#quoted(at, code);
      case DOT:
        return this.#opensFraction(at) ? this.#number(at) : this.#found(SYMBOL, at + 1);
      case QUESTION:
      case DOLLAR:
      case AT:
      case COLON:
        return this.#parameter(at, code);
      default:
        return this.#found(SYMBOL, at + 1);
    }
  }

  #found(kind: number, end: number): number {
    this.end = end;
    return kind;
  }

  #word(at: number): number {
    const sql = this.#sql;
    const end = this.#wordEnd(at + 1);
    if (end - at <= 2 && sql.charCodeAt(end) === QUOTE) {
      const stringEnd = prefixedStringEnd(sql, at, end, this.#dialect);
      if (stringEnd > 0) return this.#found(LITERAL, stringEnd);
    }
    const keyword = keywordAt(sql, at, end);
    const isBoolean = keyword === KEYWORDS.true || keyword === KEYWORDS.false;
    if (isBoolean && sql.charCodeAt(at - 1) !== DOT) return this.#found(LITERAL, end);
    this.keyword = keyword;
    return this.#found(WORD, end);
  }

  /** Decimal, hexadecimal, with an exponent; whatever is glued to its digits belongs to it. */
  #number(at: number): number {
    const sql = this.#sql;
    const { classes } = this.#dialect;
    let end = at + 1;
    for (; end < sql.length; end += 1) {
      const code = sql.charCodeAt(end);
      if ((classOf(classes, code) & WORD_PART) === 0 && code !== DOT && !this.#isExponent(end)) {
        break;
      }
    }
    return this.#found(LITERAL, end);
  }

  #isExponent(at: number): boolean {
    const sql = this.#sql;
    const sign = sql.charCodeAt(at);
    if (sign !== DASH && sign !== 43) return false;
    return (sql.charCodeAt(at - 1) | 32) === 101 && isDigit(sql.charCodeAt(at - 2));
  }

  #opensFraction(at: number): boolean {
    const sql = this.#sql;
    if (!isDigit(sql.charCodeAt(at + 1))) return false;
    const before = at === 0 ? 32 : sql.charCodeAt(at - 1);
    if ((classOf(this.#dialect.classes, before) & WORD_PART) !== 0) return false;
    return before !== DOUBLE_QUOTE && before !== BACKTICK && before !== CLOSING_BRACKET;
  }

  #quoted(at: number, code: number): number {
    const { stringQuotes, identifierQuotes, backslashEscapes } = this.#dialect;
    const quote = this.#sql.charAt(at);
    if (stringQuotes.includes(quote)) {
      const end = quoteEnd(this.#sql, at, code, backslashEscapes);
      return this.#found(LITERAL, end < 0 ? this.#sql.length : end);
    }
    if (!identifierQuotes.includes(quote)) return this.#found(SYMBOL, at + 1);
    const end = quoteEnd(this.#sql, at, code === BRACKET ? CLOSING_BRACKET : code, false);
    return end < 0 ? this.#found(LITERAL, this.#sql.length) : this.#found(IDENTIFIER, end);
  }

  /** `?`, `?1`, `$1`, `$name`, `:name`, `@name`, `@@name` and `:1`, where they are one. */
  #parameter(at: number, code: number): number {
    const dialect = this.#dialect;
    const next = this.#sql.charCodeAt(at + 1);
    if (code === QUESTION) {
      return this.#found(PARAMETER, dialect.numberedQuestions ? this.#digitsEnd(at + 1) : at + 1);
    }
    if (code === DOLLAR && dialect.dollarQuotes) {
      const end = dollarQuoteEnd(this.#sql, at, dialect);
      if (end > 0) return this.#found(LITERAL, end);
    }
    const numbered = code === DOLLAR ? dialect.dollarParameters : dialect.numberedColons;
    if (code !== AT && isDigit(next)) {
      return numbered
        ? this.#found(PARAMETER, this.#digitsEnd(at + 1))
        : this.#found(SYMBOL, at + 1);
    }
    if (code === DOLLAR && !dialect.dollarParameters) return this.#found(SYMBOL, at + 1);
    return this.#variable(at, code === AT && next === AT ? at + 2 : at + 1);
  }

  #variable(at: number, nameAt: number): number {
    const sql = this.#sql;
    const { classes } = this.#dialect;
    if ((classOf(classes, sql.charCodeAt(nameAt)) & WORD_START) === 0) {
      return this.#found(SYMBOL, at + 1);
    }
    return this.#found(PARAMETER, this.#wordEnd(nameAt + 1));
  }

  #wordEnd(from: number): number {
    const { classes } = this.#dialect;
    let end = from;
    while ((classOf(classes, this.#sql.charCodeAt(end)) & WORD_PART) !== 0) end += 1;
    return end;
  }

  #digitsEnd(from: number): number {
    let end = from;
    while (isDigit(this.#sql.charCodeAt(end))) end += 1;
    return end;
  }
}
