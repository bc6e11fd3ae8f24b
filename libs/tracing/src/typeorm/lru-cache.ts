/**
 * Keeps the values of the keys that were asked for last, in two generations: the values of the older
 * one that nobody asks for go together. A hit in the younger one is a single look-up, where an exact
 * order would be written anew each time.
 */
export class LruCache<V> {
  readonly #capacity: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  /** @param capacity how many values are kept at most; at least half as many */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): V | undefined {
    const value = this.#young.get(key);
    return value === undefined ? this.#fromOld(key) : value;
  }

  set(key: string, value: V): void {
    if (this.#young.size >= this.#capacity / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  #fromOld(key: string): V | undefined {
    const value = this.#old.get(key);
    if (value === undefined) return undefined;
    this.#old.delete(key);
    this.set(key, value);
    return value;
  }
}
