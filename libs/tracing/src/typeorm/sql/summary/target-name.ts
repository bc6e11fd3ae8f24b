import { IDENTIFIER, SYMBOL, WORD } from '../tokens/lexer.js';

const DOT = 46;

/** The name of a target as it is read part by part, and the names that are none. */
export class TargetName {
  readonly #sql: string;
  /** The names of common table expressions. */
  #expressions: Set<string> | undefined;
  /** As far as it goes, or undefined if none is being read. */
  #reading: string | undefined;
  #afterDot = false;

  constructor(sql: string) {
    this.#sql = sql;
  }

  /** Whether one is being read. */
  get isReading(): boolean {
    return this.#reading !== undefined;
  }

  /** Whether another part of it has to come. */
  get expectsPart(): boolean {
    return this.#afterDot;
  }

  /** Reads its first part. */
  begin(start: number, end: number): void {
    this.#reading = this.#sql.slice(start, end);
  }

  /** Reads a dot and the part behind it; returns false if the token does not belong to the name. */
  read(kind: number, start: number, end: number): boolean {
    if (!this.#afterDot && kind === SYMBOL && this.#sql.charCodeAt(start) === DOT) {
      this.#afterDot = true;
      return true;
    }
    if (!this.#afterDot || (kind !== WORD && kind !== IDENTIFIER)) return false;
    this.#reading += `.${this.#sql.slice(start, end)}`;
    this.#afterDot = false;
    return true;
  }

  /** Ends it; returns undefined for the name of an expression. */
  end(): string | undefined {
    const name = this.#reading ?? '';
    this.#reading = undefined;
    this.#afterDot = false;
    return this.#expressions?.has(name.toUpperCase()) === true ? undefined : name;
  }

  /** Remembers the name of a common table expression. */
  exclude(start: number, end: number): void {
    this.#expressions ??= new Set();
    this.#expressions.add(this.#sql.slice(start, end).toUpperCase());
  }
}
