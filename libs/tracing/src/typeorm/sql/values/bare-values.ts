import type { Keyword } from '../tokens/keywords.js';
import { SECRET, TRANSACTION } from '../tokens/keyword-roles.js';
import { KEYWORDS } from '../tokens/keywords.js';
import { IDENTIFIER, PARAMETER, SYMBOL, WORD } from '../tokens/lexer.js';
import type { SqlLexer } from '../tokens/lexer.js';

const [OPENING, COMMA, DOT, SEMICOLON, EQUALS] = [40, 44, 46, 59, 61];

/** Kinds of statements, as far as values may stand in them without quotes. */
const FIRST = 0;
const OTHER = 1;
const SAVEPOINT = 2;
const SETTING = 3;
const CALL = 4;
const COPY = 5;
const FILE = 6;
/** As SETTING behind its SET. */
const ALTERING = 8;
/** Behind a COPY from standard input stands what is copied. */
const DATA = 7;

const OPENINGS = new Map<Keyword, number>([
  [KEYWORDS.savepoint, SAVEPOINT],
  [KEYWORDS.release, SAVEPOINT],
  [KEYWORDS.rollback, SAVEPOINT],
  [KEYWORDS.save, SAVEPOINT],
  [KEYWORDS.set, SETTING],
  [KEYWORDS.alter, ALTERING],
  [KEYWORDS.pragma, SETTING],
  [KEYWORDS.exec, CALL],
  [KEYWORDS.execute, CALL],
  [KEYWORDS.copy, COPY],
  [KEYWORDS.attach, FILE],
  [KEYWORDS.vacuum, FILE],
]);

/**
 * Finds values that look like names: what savepoints are called, `SET app.tenant = acme`,
 * `PRAGMA journal_mode = wal`, `EXEC report acme`, `VACUUM INTO "file"` and the rows behind
 * `COPY … FROM stdin;`.
 */
export class BareValues {
  readonly #sql: string;
  #statement = FIRST;
  /** The kind, the keyword and the first character of the token before. */
  #kind = 0;
  #keyword: Keyword | undefined;
  #code = 0;
  /** Whether a token of this statement that matters has been seen: the name that is called, stdin. */
  #isArmed = false;

  constructor(sql: string) {
    this.#sql = sql;
  }

  /** Whether the rest is what is copied: no statement. */
  get isInData(): boolean {
    return this.#statement === DATA;
  }

  /**
   * Whether a token is one.
   *
   * @param lexer stands at the token behind it
   */
  isValue(kind: number, keyword: Keyword | undefined, code: number, lexer: SqlLexer): boolean {
    // Most statements have none: only their end is waited for.
    if (this.#statement === OTHER && code !== SEMICOLON) return false;
    const isValue = this.#judge(kind, keyword, code, lexer);
    this.#kind = kind;
    this.#keyword = keyword;
    this.#code = code;
    return isValue;
  }

  #judge(kind: number, keyword: Keyword | undefined, code: number, lexer: SqlLexer): boolean {
    if (this.#statement <= OTHER || kind === SYMBOL) return this.#enter(kind, keyword, code);
    const isName = keyword === undefined || hasFlag(keyword, SECRET);
    const isBare = isName && (kind === WORD || kind === IDENTIFIER);
    switch (this.#statement) {
      case SAVEPOINT:
        return this.#isSavepoint(isBare, keyword);
      case SETTING:
        return isBare && this.#isSet(lexer);
      case CALL:
        return isBare && this.#isArgument();
      case FILE:
        return kind === IDENTIFIER && this.#keyword === KEYWORDS.into;
      case ALTERING:
        if (keyword === KEYWORDS.set) this.#statement = SETTING;
        return false;
      case COPY:
        this.#isArmed ||= isBare && this.#keyword === KEYWORDS.from && !this.#namesProgram(lexer);
        return false;
      default:
        return true;
    }
  }

  #enter(kind: number, keyword: Keyword | undefined, code: number): boolean {
    if (this.#statement === DATA) return true;
    if (kind === SYMBOL && code === SEMICOLON) {
      this.#statement = this.#statement === COPY && this.#isArmed ? DATA : FIRST;
      this.#isArmed = false;
    } else if (this.#statement === FIRST) {
      this.#statement = (keyword && OPENINGS.get(keyword)) ?? OTHER;
    } else if (this.#keyword === KEYWORDS.copy && code === OPENING) this.#statement = OTHER;
    return false;
  }

  /** The next statement may come without a semicolon before it. */
  #isSavepoint(isBare: boolean, keyword: Keyword | undefined): boolean {
    const before = this.#keyword;
    if (isBare) return before === KEYWORDS.release || hasFlag(before, TRANSACTION);
    if (keyword !== undefined && keyword.operation !== 0 && !hasFlag(keyword, TRANSACTION)) {
      this.#statement = OPENINGS.get(keyword) ?? OTHER;
    }
    return false;
  }

  /** A value of a list may look like the name of the next setting, which has an equals sign. */
  #isSet({ kind, start }: SqlLexer): boolean {
    const next = this.#symbolAt(kind, start);
    if (next === DOT || next === OPENING) return false;
    if (this.#code === COMMA) return this.#isArmed && next !== EQUALS;
    const isSet = this.#code === EQUALS || this.#keyword === KEYWORDS.to;
    this.#isArmed ||= isSet;
    return isSet;
  }

  /** Behind `stdin` the statement ends or has options; behind `PROGRAM` stands a command. */
  #namesProgram({ kind, start }: SqlLexer): boolean {
    const next = this.#symbolAt(kind, start);
    return kind !== WORD && next !== SEMICOLON && next !== OPENING;
  }

  #symbolAt(kind: number, start: number): number {
    return kind === SYMBOL ? this.#sql.charCodeAt(start) : 0;
  }

  #isArgument(): boolean {
    if (this.#isArmed) return this.#code !== DOT && this.#kind !== PARAMETER;
    this.#isArmed = true;
    return false;
  }
}

function hasFlag(keyword: Keyword | undefined, flag: number): boolean {
  return keyword !== undefined && (keyword.flags & flag) !== 0;
}
