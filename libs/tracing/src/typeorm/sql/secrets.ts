import { IDENTIFIER, SYMBOL, WORD } from './lexer.js';
import type { Keyword } from './keywords.js';
import { ACCOUNT, KEYWORDS } from './keywords.js';

const NOTHING = 0;
const AFTER_IDENTIFIED = 1;
const SECRET_NEXT = 2;
const REPLACE_MAY_COME = 3;
/** As Oracle has it in `GRANT … TO a, b IDENTIFIED BY one, other`. */
const ANOTHER_MAY_COME = 4;

const [COMMA, EQUALS] = [44, 61];

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
    if (this.#state === ANOTHER_MAY_COME) {
      this.#state = kind === SYMBOL && code === COMMA ? SECRET_NEXT : REPLACE_MAY_COME;
    }
    if (kind !== WORD) return false;
    this.#enter(keyword);
    return false;
  }

  #judge(kind: number, keyword: Keyword | undefined, code: number): boolean {
    if (kind === SYMBOL && code === EQUALS) return false;
    if (keyword === KEYWORDS.values || keyword === KEYWORDS.password) return false;
    const isSecret = kind === WORD || kind === IDENTIFIER;
    this.#state = isSecret ? ANOTHER_MAY_COME : REPLACE_MAY_COME;
    return isSecret;
  }

  #enter(keyword: Keyword | undefined): void {
    const state = this.#state;
    if (keyword === KEYWORDS.identified) this.#state = AFTER_IDENTIFIED;
    else if (state === AFTER_IDENTIFIED && opensSecret(keyword)) this.#state = SECRET_NEXT;
    else if (state === REPLACE_MAY_COME && bringsSecret(keyword)) this.#state = SECRET_NEXT;
    else if (this.#ofAccount && keyword === KEYWORDS.password) this.#state = SECRET_NEXT;
    if (keyword === undefined) return;
    if (keyword === KEYWORDS.create || keyword === KEYWORDS.alter) this.#defines = true;
    else if (this.#defines && (keyword.flags & ACCOUNT) !== 0) this.#ofAccount = true;
    else if (keyword !== KEYWORDS.or && keyword !== KEYWORDS.replace) this.#defines = false;
  }
}

/** `ALTER USER … REPLACE old`, `ALTER KEYSTORE PASSWORD … SET new`. */
function bringsSecret(keyword: Keyword | undefined): boolean {
  return keyword === KEYWORDS.replace || keyword === KEYWORDS.set;
}

function opensSecret(keyword: Keyword | undefined): boolean {
  return keyword === KEYWORDS.by || keyword === KEYWORDS.as || keyword === KEYWORDS.using;
}
