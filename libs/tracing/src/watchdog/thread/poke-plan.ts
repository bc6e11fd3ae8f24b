const MAX_POKES = 40;
const EVEN_POKES = 8;
const GROWTH = 1.5;

/** When to poke within one stall: from half the threshold on, at each poll first, then ever more rarely. */
export class PokePlan {
  readonly #firstMillis: number;
  readonly #pollMillis: number;
  #count = 0;
  #gapMillis = 0;
  #nextMillis = 0;

  constructor(thresholdMillis: number, pollMillis: number) {
    this.#firstMillis = thresholdMillis / 2;
    this.#pollMillis = pollMillis;
    this.reset();
  }

  reset(): void {
    this.#count = 0;
    this.#gapMillis = this.#pollMillis;
    this.#nextMillis = this.#firstMillis;
  }

  /**
   * Whether it is time for one more.
   *
   * @param ageMillis how long the heart has not beaten
   * @param max how many at most, where that is less than usual
   */
  isDue(ageMillis: number, max = MAX_POKES): boolean {
    if (ageMillis < this.#nextMillis || this.#count >= max) return false;
    this.#count += 1;
    if (this.#count > EVEN_POKES) this.#gapMillis *= GROWTH;
    // A look that comes a little early must not cost a whole poll.
    this.#nextMillis = ageMillis + this.#gapMillis - this.#pollMillis / 2;
    return true;
  }
}
