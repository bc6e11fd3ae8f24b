import { ACCOUNT, DEFINES, GRANTS, NESTED, OBJECT, SECRET } from '../tokens/keyword-roles.js';
import type { Keyword } from '../tokens/keywords.js';
import { KEYWORDS } from '../tokens/keywords.js';
import { IDENTIFIER, SYMBOL, WORD } from '../tokens/lexer.js';

const NOTHING = 0;
const AFTER_IDENTIFIED = 1;
/** Whatever comes is one, even what looks like a keyword. */
const SECRET_NEXT = 2;
/** A name would be one: where columns are named, PASSWORD may be a column. */
const SECRET_OR_CLAUSE_NEXT = 3;
/** It goes on as long as nothing separates. */
const INSIDE = 4;
const CHANGE_MAY_COME = 5;

const [OPENING, CLOSING, COMMA, SEMICOLON, EQUALS] = [40, 41, 44, 59, 61];
const SEPARATORS = new Set([OPENING, CLOSING, COMMA, SEMICOLON]);
const KEY_PRAGMA = /^(?:text|hex)?(?:re)?key$/i;

/** Words between what announces a secret and the secret: `IDENTIFIED BY VALUES 'x'`. */
const BETWEEN = new Set<Keyword | undefined>([
  KEYWORDS.values,
  KEYWORDS.by,
  KEYWORDS.to,
  KEYWORDS.as,
  KEYWORDS.using,
]);

/**
 * Finds secrets that stand without quotes: what follows PASSWORD, SECRET and the like, `IDENTIFIED BY
 * secret REPLACE old`, the keys of encrypted databases.
 */
export class Secrets {
  readonly #sql: string;
  #state = NOTHING;
  /** Whether another one follows a comma, as in `GRANT … TO a, b IDENTIFIED BY one, other`. */
  #lists = false;
  /** The first keyword of the statement, or null if it is none that is known. */
  #first: Keyword | null | undefined;
  /** Whether the object that CREATE or ALTER defines has not been named yet. */
  #defines = false;
  #namesColumns = false;

  constructor(sql: string) {
    this.#sql = sql;
  }

  /** Whether a token is one, or a part of one. */
  isSecret(
    kind: number,
    start: number,
    end: number,
    keyword: Keyword | undefined,
    afterBlank: boolean,
  ): boolean {
    const code = kind === SYMBOL ? this.#sql.charCodeAt(start) : 0;
    if (this.#state === INSIDE) {
      if (!afterBlank && !SEPARATORS.has(code)) return true;
      if (this.#lists && code === COMMA) this.#state = SECRET_NEXT;
      else this.#state = this.#namesColumns ? NOTHING : CHANGE_MAY_COME;
    } else if (this.#state === SECRET_NEXT) return this.#isNext(keyword, code);
    else if (this.#state === SECRET_OR_CLAUSE_NEXT) return this.#isNextName(kind, keyword, code);
    if (code === SEMICOLON) this.#restart();
    else if (kind === WORD) this.#enter(keyword, start, end);
    return false;
  }

  #isNext(keyword: Keyword | undefined, code: number): boolean {
    if (code === EQUALS || code === OPENING) return false;
    if (BETWEEN.has(keyword) || hasFlag(keyword, SECRET)) return false;
    if (keyword === KEYWORDS.identified) this.#state = AFTER_IDENTIFIED;
    else if (keyword === KEYWORDS.for) this.#state = NOTHING;
    else if (code === SEMICOLON) this.#restart();
    else if (code === CLOSING || code === COMMA) this.#state = CHANGE_MAY_COME;
    else this.#state = INSIDE;
    return this.#state === INSIDE;
  }

  #isNextName(kind: number, keyword: Keyword | undefined, code: number): boolean {
    if (code === EQUALS) return false;
    const isName = kind === IDENTIFIER || (kind === WORD && keyword === undefined);
    this.#state = isName ? INSIDE : NOTHING;
    if (code === SEMICOLON) this.#restart();
    else if (hasFlag(keyword, SECRET)) this.#state = SECRET_OR_CLAUSE_NEXT;
    return isName;
  }

  #restart(): void {
    this.#state = NOTHING;
    this.#first = undefined;
    this.#namesColumns = false;
    this.#defines = false;
  }

  #enter(keyword: Keyword | undefined, start: number, end: number): void {
    if (this.#first === undefined) this.#open(keyword);
    if (this.#announces(keyword, start, end)) {
      this.#state = this.#namesColumns ? SECRET_OR_CLAUSE_NEXT : SECRET_NEXT;
      this.#lists = false;
    } else if (keyword === KEYWORDS.identified) this.#state = AFTER_IDENTIFIED;
    else if (this.#opens(keyword)) {
      this.#state = SECRET_NEXT;
      this.#lists = true;
    }
    if (keyword !== undefined) this.#findColumns(keyword);
  }

  #open(keyword: Keyword | undefined): void {
    this.#first = keyword ?? null;
    this.#defines = keyword?.operation === DEFINES;
  }

  #announces(keyword: Keyword | undefined, start: number, end: number): boolean {
    if (hasFlag(keyword, SECRET)) return true;
    if (this.#first === KEYWORDS.attach) return keyword === KEYWORDS.key;
    return this.#first === KEYWORDS.pragma && KEY_PRAGMA.test(this.#sql.slice(start, end));
  }

  /** `ALTER USER … REPLACE old` and `ALTER KEYSTORE PASSWORD … SET new` besides `IDENTIFIED BY`. */
  #opens(keyword: Keyword | undefined): boolean {
    if (this.#state === CHANGE_MAY_COME) {
      return keyword === KEYWORDS.replace || keyword === KEYWORDS.set;
    }
    if (this.#state !== AFTER_IDENTIFIED) return false;
    return keyword === KEYWORDS.by || keyword === KEYWORDS.as || keyword === KEYWORDS.using;
  }

  /** Names of columns come in queries and in what has columns; a database has SYSTEM USER PASSWORD. */
  #findColumns(keyword: Keyword): void {
    const { flags } = keyword;
    const grants = this.#first?.operation === GRANTS;
    if ((flags & NESTED) !== 0 && !grants) this.#namesColumns = true;
    if (!this.#defines || (flags & OBJECT) === 0) return;
    this.#defines = false;
    this.#namesColumns = (flags & ACCOUNT) === 0 && keyword !== KEYWORDS.database;
  }
}

function hasFlag(keyword: Keyword | undefined, flag: number): boolean {
  return keyword !== undefined && (keyword.flags & flag) !== 0;
}
