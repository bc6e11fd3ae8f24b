interface Mark {
  readonly upTo: number;
  readonly at: number;
}

/** Remembers when the spans came that are not settled yet, as far as the hand-overs tell. */
export class Arrivals {
  readonly #marks: Mark[] = [];

  /** Books spans that came, up to this place in the order of arrival. */
  add(upTo: number, at: number): void {
    this.#marks.push({ upTo, at });
  }

  /** Returns when the oldest span came that is not settled, or undefined if all are. */
  oldest(settledUpTo: number): number | undefined {
    const open = this.#marks.findIndex(({ upTo }) => upTo > settledUpTo);
    this.#marks.splice(0, open === -1 ? this.#marks.length : open);
    return this.#marks[0]?.at;
  }
}
