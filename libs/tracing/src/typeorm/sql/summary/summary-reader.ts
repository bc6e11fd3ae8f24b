import { IDENTIFIER, SYMBOL, WORD } from '../tokens/lexer.js';
import {
  ACCOUNT,
  CONTROLS,
  DEFINES,
  DROPS,
  EXPLAINS,
  NAMES,
  NO_OPERATION,
  OBJECT,
  SOURCES_END,
  TRANSACTION,
} from '../tokens/keyword-roles.js';
import { KEYWORDS } from '../tokens/keywords.js';
import type { Keyword } from '../tokens/keywords.js';
import { readClause } from './clauses.js';
import { opensBlock } from './blocks.js';
import type { Lookahead } from './operations.js';
import { frameOf, isModifier, operationOf } from './operations.js';
import { TargetName } from './target-name.js';
import { COLUMNS, EXPECTS_TARGET, LISTS_NAMES, LISTS_TARGETS, OPENS, Frames } from './frames.js';
import { SummaryText } from './summary-text.js';

const [OPENING, CLOSING, STAR, COMMA, SEMICOLON] = [40, 41, 42, 44, 59];

/**
 * Builds the summary of a statement, by which its span is named: operations and their targets in the
 * order and the spelling of the text, such as `INSERT shipping_details SELECT orders`. It never holds a
 * value.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
 */
export class SummaryReader {
  readonly #sql: string;
  readonly #frames = new Frames();
  readonly #text = new SummaryText();
  readonly #target: TargetName;
  /** After START, ROLLBACK and the like, whose further words belong to them. */
  #inControl = false;
  /** After the BEGIN of a body, whose ENDs are no operations. */
  #inBlock = false;
  #previous: Keyword | undefined;
  #afterName = false;

  constructor(sql: string) {
    this.#sql = sql;
    this.#target = new TargetName(sql);
  }

  /** Returns what has been built, or undefined if the statement opens with no operation that is known. */
  get summary(): string | undefined {
    return this.#text.value;
  }

  /** Whether what comes next, if it is quoted, can only be a name. */
  get expectsName(): boolean {
    return this.#target.expectsPart || this.#frames.has(EXPECTS_TARGET | LISTS_NAMES | COLUMNS);
  }

  /** The keyword that came last, if the last token was one. */
  get previous(): Keyword | undefined {
    return this.#previous;
  }

  /** Reads a token; `next` is at the one that follows. */
  read(
    kind: number,
    start: number,
    end: number,
    keyword: Keyword | undefined,
    next: Lookahead,
  ): void {
    if (this.#target.isReading) {
      if (this.#target.read(kind, start, end)) return;
      this.#endName();
    }
    if (kind === SYMBOL) this.#symbol(this.#sql.charCodeAt(start));
    else if (kind === WORD) this.#word(start, end, keyword, next);
    else if (kind === IDENTIFIER) this.#name(start, end, undefined, next);
    else this.#frames.remove(EXPECTS_TARGET);
    this.#previous = keyword;
    this.#afterName = kind === IDENTIFIER || (kind === WORD && keyword === undefined);
  }

  /** Ends a name that the statement ends with. */
  finish(): void {
    if (this.#target.isReading) this.#endName();
  }

  #endName(): void {
    const name = this.#target.end();
    this.#afterName = true;
    if (name !== undefined) this.#text.add(name);
  }

  #symbol(code: number): void {
    this.#inControl = false;
    if (code === OPENING) this.#frames.open(this.#afterName);
    else if (code === CLOSING) this.#frames.close();
    else if (code === COMMA) this.#frames.listOn();
    else if (code === SEMICOLON) this.#frames.restart();
    // `GRANT ALL ON *.* TO alice`
    else if (code === STAR) this.#frames.remove(EXPECTS_TARGET);
  }

  #word(start: number, end: number, keyword: Keyword | undefined, next: Lookahead): void {
    if (keyword === undefined) {
      if (!this.#frames.has(OPENS | EXPECTS_TARGET | LISTS_NAMES)) return;
      return this.#name(start, end, undefined, next);
    }
    if (this.#inControl && (keyword.flags & TRANSACTION) !== 0) {
      return this.#text.add(this.#sql.slice(start, end));
    }
    this.#inControl = false;
    const operation = this.#operationOf(keyword, next);
    const isBlock = keyword === KEYWORDS.begin && opensBlock(this.#sql, next, this.#frames.here);
    if (operation === NO_OPERATION) this.#goOn(start, end, keyword, next);
    else this.#begin(operation, start, end);
    if (isBlock) this.#enterBlock();
  }

  #operationOf(keyword: Keyword, next: Lookahead): number {
    if (keyword === KEYWORDS.end && this.#inBlock) return NO_OPERATION;
    return operationOf(keyword, next, this.#frames.here, this.#frames.depth);
  }

  #enterBlock(): void {
    this.#inBlock = true;
    this.#frames.add(OPENS);
  }

  #goOn(start: number, end: number, keyword: Keyword, next: Lookahead): void {
    const defines = this.#frames.is(DEFINES) || this.#frames.is(DROPS);
    this.#closeOpening(keyword);
    if (defines) this.#define(keyword, start, end);
    else if ((keyword.flags & SOURCES_END) !== 0) this.#frames.endTargets();
    else if (this.#frames.has(EXPECTS_TARGET | LISTS_NAMES)) {
      this.#name(start, end, keyword, next);
    } else readClause(this.#frames, keyword, this.#previous, next);
  }

  /** Only what comes first opens a statement, but for WITH and EXPLAIN. */
  #closeOpening(keyword: Keyword): void {
    if (!this.#frames.has(OPENS)) return;
    if (keyword === KEYWORDS.with) this.#frames.add(LISTS_NAMES);
    if (!this.#frames.has(LISTS_NAMES) && !this.#frames.is(EXPLAINS)) this.#frames.remove(OPENS);
  }

  #begin(operation: number, start: number, end: number): void {
    this.#frames.here = frameOf(operation);
    this.#inControl = operation === CONTROLS;
    this.#text.add(this.#sql.slice(start, end));
  }

  /** `CREATE UNIQUE INDEX "i"`: words up to the kind of the object are left out, then comes its name. */
  #define({ flags }: Keyword, start: number, end: number): void {
    if ((flags & OBJECT) === 0) return;
    const lists = this.#frames.is(DROPS) ? LISTS_TARGETS : 0;
    this.#text.add(this.#sql.slice(start, end));
    this.#frames.here = (flags & ACCOUNT) === 0 ? NAMES | EXPECTS_TARGET | lists : NAMES;
  }

  /** A name is a target, a common table expression, or not of interest. */
  #name(start: number, end: number, keyword: Keyword | undefined, next: Lookahead): void {
    this.#inControl = false;
    const frames = this.#frames;
    if (frames.has(LISTS_NAMES)) {
      if (next.isOpening || next.keyword === KEYWORDS.as) this.#target.exclude(start, end);
      return;
    }
    if (!frames.is(EXPLAINS)) frames.remove(OPENS);
    if (!frames.has(EXPECTS_TARGET)) return;
    if (keyword !== undefined && isModifier(keyword, frames.here)) return;
    frames.remove(EXPECTS_TARGET);
    this.#target.begin(start, end);
  }
}
