const SAME_LINE_MILLIS = 10_000;
const MINUTE_MILLIS = 60_000;
const A_MINUTE = 30;
/** Lines of code that are remembered. */
const MAX_LINES = 500;

/** Lets one warning through for a line of code in 10 seconds, and 30 in all in a minute. */
export class LineLimits {
  readonly #clock: () => number;
  readonly #lines = new Map<string, { saidAt: number; heldBack: number }>();
  #minuteAt = -Infinity;
  #inMinute = 0;

  /** @param clock tells milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** @returns how many of this line were held back since the last one, or undefined: hold this one back */
  admit(line: string): number | undefined {
    const now = this.#clock();
    const known = this.#lines.get(line);
    const isAgain = known !== undefined && now - known.saidAt < SAME_LINE_MILLIS;
    if (isAgain || !this.#hasRoom(now)) {
      this.#remember(line, {
        saidAt: known?.saidAt ?? -Infinity,
        heldBack: (known?.heldBack ?? 0) + 1,
      });
      return undefined;
    }
    this.#inMinute += 1;
    this.#remember(line, { saidAt: now, heldBack: 0 });
    return known?.heldBack ?? 0;
  }

  #hasRoom(now: number): boolean {
    if (now - this.#minuteAt >= MINUTE_MILLIS) {
      this.#minuteAt = now;
      this.#inMinute = 0;
    }
    return this.#inMinute < A_MINUTE;
  }

  #remember(line: string, entry: { saidAt: number; heldBack: number }): void {
    this.#lines.delete(line);
    this.#lines.set(line, entry);
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > MAX_LINES && oldest !== undefined) this.#lines.delete(oldest);
  }
}
