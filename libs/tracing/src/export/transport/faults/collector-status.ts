/** The reason why the collector gets no spans, for people. */
export interface CollectorFault {
  readonly reason: string;
  /** A step that is likely to help. */
  readonly cure?: string;
}

/** Is told why the collector cannot be used, again when the reason changes, and nothing once it can. */
export type CollectorStatusListener = (fault: CollectorFault | undefined) => void;

/** Tells whether the collector can be used, when that changes and once at the beginning. */
export class CollectorStatus {
  readonly #listener: CollectorStatusListener;
  #reason: string | undefined;
  #isKnown = false;

  constructor(listener: CollectorStatusListener) {
    this.#listener = listener;
  }

  tell(fault: CollectorFault | undefined): void {
    if (this.#isKnown && this.#reason === fault?.reason) return;
    this.#isKnown = true;
    this.#reason = fault?.reason;
    this.#listener(fault);
  }
}
