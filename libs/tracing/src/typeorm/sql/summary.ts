import { IDENTIFIER, SYMBOL, WORD } from './lexer.js';
import {
  ACCOUNT,
  CONTROLS,
  DEFINES,
  DROPS,
  EXPLAINS,
  GRANTS,
  INTO,
  KEYWORDS,
  NAMES,
  NO_OPERATION,
  OBJECT,
  READS,
  SOURCES_END,
  TRANSACTION,
  UPDATES,
} from './keywords.js';
import type { Keyword } from './keywords.js';
import type { Lookahead } from './operations.js';
import { frameOf, isModifier, operationOf } from './operations.js';
import { TargetName } from './target-name.js';
import { COLUMNS, EXPECTS_TARGET, LISTS_NAMES, LISTS_TARGETS, OPENS, OPERATION } from './frame.js';
import { SummaryText } from './summary-text.js';

const [OPENING, CLOSING, COMMA, SEMICOLON] = [40, 41, 44, 59];

/**
 * Builds the summary of a statement, by which its span is named: operations and their targets in the
 * order and the spelling of the text, such as `INSERT shipping_details SELECT orders`. It never holds a
 * value.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
 */
export class SummaryReader {
  readonly #sql: string;
  /** The frames around, of which `depth` are open. */
  readonly #outer: number[] = [];
  #depth = 0;
  #frame = OPENS;
  readonly #text = new SummaryText();
  readonly #target: TargetName;
  /** After START, ROLLBACK and the like, whose further words belong to them. */
  #inControl = false;
  #previous: Keyword | undefined;
  #afterName = false;

  constructor(sql: string) {
    this.#sql = sql;
    this.#target = new TargetName(sql);
  }

  /** What has been built, or undefined if the statement opens with no operation that is known. */
  get summary(): string | undefined {
    return this.#text.value;
  }

  /** Whether what comes next, if it is quoted, can only be a name. */
  get expectsName(): boolean {
    return (
      this.#target.expectsPart || (this.#frame & (EXPECTS_TARGET | LISTS_NAMES | COLUMNS)) !== 0
    );
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
    else this.#frame &= ~EXPECTS_TARGET;
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
    if (code === OPENING) this.#open();
    else if (code === CLOSING) this.#close();
    else if (code === COMMA) this.#listOn();
    else if (code === SEMICOLON) this.#restart();
  }

  #listOn(): void {
    if ((this.#frame & LISTS_TARGETS) === 0) this.#frame &= ~EXPECTS_TARGET;
    else this.#frame |= EXPECTS_TARGET;
  }

  /** `FROM (a JOIN b)` and `FROM (SELECT …)`: what was expected outside is expected inside. */
  #open(): void {
    const outer = this.#frame;
    const inserts = (outer & OPERATION) === INTO && this.#afterName;
    const expects = (outer & EXPECTS_TARGET) !== 0 ? EXPECTS_TARGET | LISTS_TARGETS : 0;
    this.#outer[this.#depth] = outer & ~EXPECTS_TARGET;
    this.#depth += 1;
    this.#frame = OPENS | expects | (inserts ? COLUMNS : 0);
  }

  #close(): void {
    if (this.#depth === 0) return;
    this.#depth -= 1;
    this.#frame = this.#outer[this.#depth] as number;
  }

  #restart(): void {
    this.#depth = 0;
    this.#frame = OPENS;
  }

  #word(start: number, end: number, keyword: Keyword | undefined, next: Lookahead): void {
    if (keyword === undefined) {
      if ((this.#frame & (OPENS | EXPECTS_TARGET | LISTS_NAMES)) === 0) return;
      return this.#name(start, end, undefined, next);
    }
    if (this.#inControl && (keyword.flags & TRANSACTION) !== 0) {
      return this.#text.add(this.#sql.slice(start, end));
    }
    this.#inControl = false;
    const operation = operationOf(keyword, next, this.#frame, this.#depth);
    if (operation !== NO_OPERATION) return this.#begin(operation, start, end);
    const defines = this.#is(DEFINES) || this.#is(DROPS);
    this.#closeOpening(keyword);
    if (defines) this.#define(keyword, start, end);
    else if ((keyword.flags & SOURCES_END) !== 0) this.#endSources();
    else if ((this.#frame & (EXPECTS_TARGET | LISTS_NAMES)) !== 0) {
      this.#name(start, end, keyword, next);
    } else this.#clause(keyword, next);
  }

  #is(operation: number): boolean {
    return (this.#frame & OPERATION) === operation;
  }

  /** Only what comes first opens a statement, but for WITH and EXPLAIN. */
  #closeOpening(keyword: Keyword): void {
    if ((this.#frame & OPENS) === 0) return;
    if (keyword === KEYWORDS.with) this.#frame |= LISTS_NAMES;
    if ((this.#frame & LISTS_NAMES) === 0 && !this.#is(EXPLAINS)) this.#frame &= ~OPENS;
  }

  #begin(operation: number, start: number, end: number): void {
    this.#frame = frameOf(operation);
    this.#inControl = operation === CONTROLS;
    this.#text.add(this.#sql.slice(start, end));
  }

  /** `CREATE UNIQUE INDEX "i"`: words up to the kind of the object are left out, then comes its name. */
  #define({ flags }: Keyword, start: number, end: number): void {
    if ((flags & OBJECT) === 0) return;
    const lists = this.#is(DROPS) ? LISTS_TARGETS : 0;
    this.#text.add(this.#sql.slice(start, end));
    this.#frame = (flags & ACCOUNT) === 0 ? NAMES | EXPECTS_TARGET | lists : NAMES;
  }

  #endSources(): void {
    this.#frame &= ~(EXPECTS_TARGET | LISTS_TARGETS | LISTS_NAMES);
  }

  #clause(keyword: Keyword, next: Lookahead): void {
    const reads = this.#is(READS);
    if (keyword === KEYWORDS.from) {
      // `IS DISTINCT FROM` compares, it names no source.
      const compares = this.#previous === KEYWORDS.distinct;
      if ((reads || this.#is(UPDATES)) && !compares) this.#listSources();
    } else if (keyword === KEYWORDS.join) {
      if ((this.#frame & LISTS_TARGETS) !== 0) this.#frame |= EXPECTS_TARGET;
    } else if (keyword === KEYWORDS.using) {
      if ((reads || this.#is(INTO)) && !next.isOpening) this.#listSources();
    } else if (keyword === KEYWORDS.into) {
      if (this.#is(INTO)) this.#frame |= EXPECTS_TARGET;
    } else if (keyword === KEYWORDS.on) {
      if (this.#is(GRANTS)) this.#frame |= EXPECTS_TARGET | LISTS_TARGETS;
    }
  }

  #listSources(): void {
    this.#frame |= EXPECTS_TARGET | LISTS_TARGETS;
  }

  /** A name is a target, a common table expression, or not of interest. */
  #name(start: number, end: number, keyword: Keyword | undefined, next: Lookahead): void {
    this.#inControl = false;
    const frame = this.#frame;
    if ((frame & LISTS_NAMES) !== 0) {
      if (next.isOpening || next.keyword === KEYWORDS.as) this.#target.exclude(start, end);
      return;
    }
    if ((frame & OPENS) !== 0 && (frame & OPERATION) !== EXPLAINS) this.#frame &= ~OPENS;
    if ((frame & EXPECTS_TARGET) === 0) return;
    if (keyword !== undefined && isModifier(keyword, frame)) return;
    this.#frame &= ~EXPECTS_TARGET;
    this.#target.begin(start, end);
  }
}
