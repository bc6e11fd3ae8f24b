const DASH = 45;

/**
 * Writes the text of a statement without its values: every literal is `?`, comments and superfluous
 * white space are gone, lists of literals are `IN (?)`. It is never longer than the statement, and
 * writing it again changes nothing.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext
 */
export class TextWriter {
  readonly #sql: string;
  #text = '';
  /** The number of dashes that it ends with. */
  #dashes = 0;
  /** The text before a list that so far holds literals and commas alone. */
  #beforeList: string | undefined;
  #listed = 0;

  constructor(sql: string) {
    this.#sql = sql;
  }

  /** In MySQL, white space behind two dashes would make them a comment. */
  blank(): void {
    if (this.#text !== '' && this.#dashes < 2) this.#put(' ');
  }

  /** A piece of the statement as it is. */
  copy(start: number, end: number): void {
    this.#beforeList = undefined;
    this.#put(this.#sql.slice(start, end));
  }

  /** One character of no value. */
  symbol(code: number): void {
    const dashes = code === DASH ? this.#dashes + 1 : 0;
    this.#beforeList = undefined;
    this.#put(String.fromCharCode(code));
    this.#dashes = dashes;
  }

  /** A value, or the mark that stands for one. */
  value(): void {
    this.#listed += 1;
    this.#put('?');
  }

  /** The parenthesis behind IN. */
  openList(): void {
    this.#put('(');
    this.#beforeList = this.#text;
    this.#listed = 0;
  }

  /** A comma. */
  comma(): void {
    this.#put(',');
  }

  /** A closing parenthesis; of a list, all its values become one. */
  close(): void {
    const list = this.#beforeList;
    if (list !== undefined && this.#listed > 0) this.#text = `${list}?`;
    this.#beforeList = undefined;
    this.#put(')');
  }

  /** Returns what has been written. */
  text(): string {
    return this.#text;
  }

  #put(piece: string): void {
    this.#text += piece;
    this.#dashes = 0;
  }
}
