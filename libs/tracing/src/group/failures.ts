/** The failures of a group, each error object once, in the order of their occurrence. */
export class Failures {
  readonly #list: unknown[] = [];
  /** Made with the first failure: most groups have none. */
  #objects: Set<object> | undefined;

  get isEmpty(): boolean {
    return this.#list.length === 0;
  }

  /** Whether this very error is in the list. */
  has(error: unknown): boolean {
    return isObject(error) ? this.#objects?.has(error) === true : this.#list.includes(error);
  }

  /** Adds an error; one that two children pass on counts once. */
  add(error: unknown): void {
    if (isObject(error)) {
      if (this.#objects?.has(error) === true) return;
      (this.#objects ??= new Set()).add(error);
    }
    this.#list.push(error);
  }

  toArray(): readonly unknown[] {
    return Object.freeze([...this.#list]);
  }
}

function isObject(error: unknown): error is object {
  return (typeof error === 'object' && error !== null) || typeof error === 'function';
}
