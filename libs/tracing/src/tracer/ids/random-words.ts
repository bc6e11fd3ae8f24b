import { randomFillSync } from 'node:crypto';

const POOL_WORDS = 1024;

/**
 * Random 32-bit words, drawn from the operating system many at a time, so that forks, threads and
 * processes started with the same seed never make the same ids.
 */
export class RandomWords {
  readonly #pool = new Int32Array(POOL_WORDS);
  #next = POOL_WORDS;

  /** One word, as a signed number: V8 keeps those without allocating. */
  next(): number {
    if (this.#next === POOL_WORDS) {
      randomFillSync(this.#pool);
      this.#next = 0;
    }
    const word = this.#pool[this.#next] as number;
    this.#next += 1;
    return word;
  }
}
