/** Is told why the collector cannot be reached, again when the reason changes, and nothing once it can. */
export type ReachListener = (fault: string | undefined) => void;

/** Tells whether the collector can be reached, when that changes and once at the beginning. */
export class Reach {
  readonly #listener: ReachListener;
  #fault: string | undefined;
  #isKnown = false;

  constructor(listener: ReachListener) {
    this.#listener = listener;
  }

  tell(fault: string | undefined): void {
    if (this.#isKnown && this.#fault === fault) return;
    this.#isKnown = true;
    this.#fault = fault;
    this.#listener(fault);
  }
}
