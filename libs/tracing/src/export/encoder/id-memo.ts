import type { CachedField } from './field-cache.js';

/**
 * Remembers the field of the id that was written last: a trace's spans often end one after the
 * other, and siblings have the same parent.
 */
export class IdMemo {
  #digits: string | undefined;
  readonly #words: number[];
  readonly #field: CachedField;

  /** @param size - how many bytes the id's field has, its tag and its length included */
  constructor(size: number) {
    this.#words = Array.from({ length: Math.ceil(size / 4) }, () => 0);
    this.#field = { size, words: this.#words };
  }

  /** The field, if it is the one of these digits. */
  get(digits: string): CachedField | undefined {
    return digits === this.#digits ? this.#field : undefined;
  }

  /** Remembers the field that was written at a position. */
  keep(digits: string, view: DataView, position: number): void {
    this.#digits = digits;
    for (let index = 0; index < this.#words.length; index += 1)
      this.#words[index] = view.getInt32(position + index * 4, true);
  }
}
