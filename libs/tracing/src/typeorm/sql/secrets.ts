import { IDENTIFIER, SYMBOL, WORD } from './lexer.js';
import type { Keyword } from './keywords.js';
import { ACCOUNT, KEYWORDS } from './keywords.js';

const NOTHING = 0;
const AFTER_IDENTIFIED = 1;
const SECRET_NEXT = 2;
const REPLACE_MAY_COME = 3;

const EQUALS = 61;

/**
 * Finds passwords that stand without quotes: `IDENTIFIED BY secret REPLACE old`, and `PASSWORD secret`
 * in a statement that defines a user, role or login.
 */
export class Secrets {
  #state = NOTHING;
  #defines = false;
  #ofAccount = false;

  /** Whether a token is one. */
  isSecret(kind: number, keyword: Keyword | undefined, code: number): boolean {
    if (this.#state === SECRET_NEXT) return this.#judge(kind, keyword, code);
    if (kind !== WORD) return false;
    this.#enter(keyword);
    return false;
  }

  #judge(kind: number, keyword: Keyword | undefined, code: number): boolean {
    if (kind === SYMBOL && code === EQUALS) return false;
    if (keyword === KEYWORDS.values || keyword === KEYWORDS.password) return false;
    this.#state = REPLACE_MAY_COME;
    return kind === WORD || kind === IDENTIFIER;
  }

  #enter(keyword: Keyword | undefined): void {
    const state = this.#state;
    if (keyword === KEYWORDS.identified) this.#state = AFTER_IDENTIFIED;
    else if (state === AFTER_IDENTIFIED && opensSecret(keyword)) this.#state = SECRET_NEXT;
    else if (state === REPLACE_MAY_COME && keyword === KEYWORDS.replace) this.#state = SECRET_NEXT;
    else if (this.#ofAccount && keyword === KEYWORDS.password) this.#state = SECRET_NEXT;
    if (keyword === undefined) return;
    if (keyword === KEYWORDS.create || keyword === KEYWORDS.alter) this.#defines = true;
    else if (this.#defines && (keyword.flags & ACCOUNT) !== 0) this.#ofAccount = true;
    else if (keyword !== KEYWORDS.or && keyword !== KEYWORDS.replace) this.#defines = false;
  }
}

function opensSecret(keyword: Keyword | undefined): boolean {
  return keyword === KEYWORDS.by || keyword === KEYWORDS.as || keyword === KEYWORDS.using;
}
