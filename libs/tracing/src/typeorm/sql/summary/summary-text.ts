const MAX_LENGTH = 255;

/** The parts of a summary, as many as go into its 255 characters. */
export class SummaryText {
  #value: string | undefined;
  #full = false;

  /** The parts so far, or undefined if there are none. */
  get value(): string | undefined {
    return this.#value;
  }

  /** Adds a part. The first that is too long is the last; a first one of all is cut. */
  add(part: string): void {
    if (this.#full) return;
    const longer = this.#value === undefined ? part : `${this.#value} ${part}`;
    this.#full = longer.length > MAX_LENGTH;
    if (!this.#full) this.#value = longer;
    else this.#value ??= longer.slice(0, MAX_LENGTH);
  }
}
