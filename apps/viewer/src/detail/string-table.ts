/** Texts by number, each once. */
export class StringTable {
  readonly #numbers = new Map<string, number>();

  get strings(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** The number of a text, cut to a length. */
  add(text: string, maxChars = 200): number {
    const short = text.length > maxChars ? `${text.slice(0, maxChars).toWellFormed()}…` : text;
    const known = this.#numbers.get(short);
    if (known !== undefined) return known;
    this.#numbers.set(short, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
