const SPACE = 32;
const DASH = 45;
const QUESTION = 63;
/** Room for what a statement usually comes to, in UTF-16 units. */
const FIRST_ROOM = 16_384;

/**
 * Writes the text of a statement without its values: every literal is `?`, comments and superfluous
 * white space are gone, lists of literals are `IN (?)`. It is never longer than the statement, and
 * writing it again changes nothing.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext
 */
export class TextWriter {
  readonly #sql: string;
  #units: Uint16Array;
  #length = 0;
  /** Behind the opening parenthesis of a list of literals and commas alone, or -1. */
  #listAt = -1;
  #listed = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#units = new Uint16Array(Math.min(sql.length, FIRST_ROOM));
  }

  /** In MySQL, white space behind two dashes would make them a comment. */
  blank(): void {
    const at = this.#length;
    const units = this.#units;
    if (at === 0 || (units[at - 1] === DASH && units[at - 2] === DASH)) return;
    this.#put(SPACE);
  }

  /** A piece of the statement as it is. */
  copy(start: number, end: number): void {
    this.#listAt = -1;
    for (let at = start; at < end; at += 1) this.#put(this.#sql.charCodeAt(at));
  }

  /** One character of no value. */
  symbol(code: number): void {
    this.#listAt = -1;
    this.#put(code);
  }

  /** A value, or the mark that stands for one. */
  value(): void {
    if (this.#listAt >= 0) this.#listed += 1;
    this.#put(QUESTION);
  }

  /** The parenthesis behind IN. */
  openList(code: number): void {
    this.#put(code);
    this.#listAt = this.#length;
    this.#listed = 0;
  }

  /** A comma or a closing parenthesis; of a list, all its values become one. */
  separator(code: number, closes: boolean): void {
    if (closes && this.#listAt >= 0) this.#closeList();
    this.#put(code);
  }

  /** What has been written. */
  text(): string {
    const { buffer } = this.#units;
    return Buffer.from(buffer, 0, this.#length * 2).toString('utf16le');
  }

  #closeList(): void {
    if (this.#listed > 0) {
      this.#length = this.#listAt;
      this.#put(QUESTION);
    }
    this.#listAt = -1;
  }

  #put(unit: number): void {
    if (this.#length === this.#units.length) this.#grow();
    this.#units[this.#length] = unit;
    this.#length += 1;
  }

  #grow(): void {
    const larger = new Uint16Array(this.#units.length * 2);
    larger.set(this.#units);
    this.#units = larger;
  }
}
