interface Sample {
  readonly at: number;
  readonly total: number;
}

/** How many spans were lost of late, known from the sums at each check. */
export class DropWindow {
  /** Sums at the checks that found a new one, the oldest first; at the start nothing was lost. */
  readonly #samples: Sample[] = [{ at: -Infinity, total: 0 }];

  /**
   * Books a sum and answers by how much it has grown within so many milliseconds, or since the check
   * before if that was longer ago.
   */
  grownBy(total: number, windowMillis: number, now: number): number {
    const from = this.#samples.findLastIndex(({ at }) => at <= now - windowMillis);
    this.#samples.splice(0, Math.max(0, from));
    const growth = total - (this.#samples[0]?.total ?? 0);
    if (total !== this.#samples.at(-1)?.total) this.#samples.push({ at: now, total });
    return growth;
  }
}
