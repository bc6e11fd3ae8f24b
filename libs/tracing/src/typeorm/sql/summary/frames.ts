import { INTO } from '../tokens/keyword-roles.js';

/** The operation, under the bits that say what is known inside one pair of parentheses. */
export const OPERATION = 15;
/** A statement may open here. */
export const OPENS = 16;
/** A target comes next. */
export const EXPECTS_TARGET = 32;
/** After a comma comes another target. */
export const LISTS_TARGETS = 64;
/** Names of common table expressions come. */
export const LISTS_NAMES = 128;
/** Names of columns come. */
export const COLUMNS = 256;
/** Keeps the frame of where a statement is read, and those outside of each open parenthesis. */
export class Frames {
  /** The frames around, of which `depth` are open. */
  readonly #outer: number[] = [];
  #depth = 0;
  /** The frame of here. */
  here = OPENS;

  /** Returns how many parentheses are open. */
  get depth(): number {
    return this.#depth;
  }

  /** Whether one of these bits is set. */
  has(bits: number): boolean {
    return (this.here & bits) !== 0;
  }

  /** Whether it is the frame of an operation. */
  is(operation: number): boolean {
    return (this.here & OPERATION) === operation;
  }

  /** Sets bits. */
  add(bits: number): void {
    this.here |= bits;
  }

  /** Clears bits. */
  remove(bits: number): void {
    this.here &= ~bits;
  }

  /**
   * Enters a parenthesis. `FROM (a JOIN b)` and `FROM (SELECT …)`: what was expected outside is
   * expected inside.
   *
   * @param afterName whether a name stands before it
   */
  open(afterName: boolean): void {
    const expects = this.has(EXPECTS_TARGET) ? EXPECTS_TARGET | LISTS_TARGETS : 0;
    const columns = this.is(INTO) && afterName ? COLUMNS : 0;
    this.#outer[this.#depth] = this.here & ~EXPECTS_TARGET;
    this.#depth += 1;
    this.here = OPENS | expects | columns;
  }

  /** Leaves a parenthesis. */
  close(): void {
    if (this.#depth === 0) return;
    this.#depth -= 1;
    this.here = this.#outer[this.#depth] as number;
  }

  /** Expects targets, one behind each comma. */
  listTargets(): void {
    this.add(EXPECTS_TARGET | LISTS_TARGETS);
  }

  /** Goes on behind a comma. */
  listOn(): void {
    if (this.has(LISTS_TARGETS)) this.add(EXPECTS_TARGET);
    else this.remove(EXPECTS_TARGET);
  }

  /** Expects no more targets. */
  endTargets(): void {
    this.remove(EXPECTS_TARGET | LISTS_TARGETS | LISTS_NAMES);
  }

  /** Goes on to the next statement. */
  restart(): void {
    this.#depth = 0;
    this.here = OPENS;
  }
}
