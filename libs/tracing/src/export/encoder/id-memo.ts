/**
 * Remembers the field of the id that was written last: a trace's spans often end one after the
 * other, and siblings have the same parent.
 */
export class IdMemo {
  /** How many bytes the id's field has, its tag and its length included. */
  readonly size: number;
  readonly #words: number[];
  #digits: string | undefined;

  constructor(size: number) {
    this.size = size;
    this.#words = Array.from({ length: Math.ceil(size / 4) }, () => 0);
  }

  /** Writes the field, if it is the one of these digits, and up to three bytes behind it. */
  put(digits: string, view: DataView, position: number): boolean {
    if (digits !== this.#digits) return false;
    for (let index = 0; index < this.#words.length; index += 1)
      view.setInt32(position + index * 4, this.#words[index] as number, true);
    return true;
  }

  /** Remembers the field that was written at a position. */
  keep(digits: string, view: DataView, position: number): void {
    this.#digits = digits;
    for (let index = 0; index < this.#words.length; index += 1)
      this.#words[index] = view.getInt32(position + index * 4, true);
  }
}
