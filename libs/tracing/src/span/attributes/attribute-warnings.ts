/** A callback may make its keys from data: from so many on they are not told apart any more. */
const MAX_KEYS = 1000;

/** Says of each attribute that is dropped why, once: a traced method may be called for every request. */
export class AttributeWarnings {
  readonly #warn: (message: string) => void;
  readonly #said = new Set<string>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Says why the attribute of this name is dropped, unless that was said before. */
  say(key: string, reason: string): void {
    if (this.#said.has(key) || this.#said.size >= MAX_KEYS) return;
    this.#said.add(key);
    this.#warn(`The attribute "${key}" is dropped: ${reason}.`);
  }
}
