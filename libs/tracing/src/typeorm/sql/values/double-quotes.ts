import type { Keyword } from '../tokens/keywords.js';
import { AFTER_NAME, BEFORE_NAME, DEFINES, DROPS } from '../tokens/keyword-roles.js';
import { KEYWORDS } from '../tokens/keywords.js';
import type { SqlLexer } from '../tokens/lexer.js';
import { IDENTIFIER, SYMBOL, WORD } from '../tokens/lexer.js';
import type { SummaryReader } from '../summary/summary-reader.js';

const [DOT, OPENING, CLOSING, COMMA] = [46, 40, 41, 44];
const COMPARISON = '=<>!';

/**
 * Tells in SQLite, where `"x"` is a string if there is no such column, whether it can only be a name
 * where it stands. What is in doubt is not.
 */
export class DoubleQuotes {
  readonly #sql: string;
  #previousKind = 0;
  #previousCode = 0;
  #previous: Keyword | undefined;
  #defines = false;
  #isFirst = true;

  constructor(sql: string) {
    this.#sql = sql;
  }

  /** Whether a quoted name stands here; `next` is at the token that follows it. */
  isName(summary: SummaryReader, next: SqlLexer): boolean {
    const code = this.#codeOf(next.kind, next.start);
    if (this.#follows(DOT) || code === DOT || summary.expectsName) return true;
    if (this.#isOperand()) return false;
    if (this.#defines || code === OPENING || this.#followsName()) return true;
    if (((this.#previous?.flags ?? 0) & BEFORE_NAME) !== 0) return true;
    if (next.kind === WORD) return next.keyword !== undefined && hasFlag(next.keyword, AFTER_NAME);
    return next.kind === SYMBOL && COMPARISON.includes(String.fromCharCode(code));
  }

  /** Remembers a token. */
  read(kind: number, start: number, keyword: Keyword | undefined): void {
    if (this.#isFirst && keyword !== undefined) {
      const { operation } = keyword;
      this.#defines = operation === DEFINES || operation === DROPS || keyword === KEYWORDS.pragma;
      this.#isFirst = false;
    }
    this.#previousKind = kind;
    this.#previousCode = this.#codeOf(kind, start);
    this.#previous = keyword;
    if (kind === SYMBOL && this.#previousCode === 59) this.#isFirst = true;
  }

  #codeOf(kind: number, start: number): number {
    return kind === SYMBOL ? this.#sql.charCodeAt(start) : 0;
  }

  #follows(code: number): boolean {
    return this.#previousKind === SYMBOL && this.#previousCode === code;
  }

  /** Behind an operator, or DEFAULT. */
  #isOperand(): boolean {
    if (this.#previousKind !== SYMBOL) return this.#previous === KEYWORDS.default;
    const code = this.#previousCode;
    return code !== OPENING && code !== CLOSING && code !== COMMA;
  }

  /** What follows a name is its alias. */
  #followsName(): boolean {
    if (this.#previousKind === IDENTIFIER || this.#follows(CLOSING)) return true;
    return this.#previousKind === WORD && this.#previous === undefined;
  }
}

function hasFlag({ flags }: Keyword, flag: number): boolean {
  return (flags & flag) !== 0;
}
