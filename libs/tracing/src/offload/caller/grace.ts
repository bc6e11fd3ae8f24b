/** Gives a running task some time to obey its caller's signal, then asks for its end. */
export class Grace {
  readonly #signal: AbortSignal;
  readonly #millis: number;
  readonly #killer = new AbortController();
  readonly #begin = (): void => {
    this.#timer = setTimeout(() => this.#killer.abort(this.#signal.reason), this.#millis);
  };
  #timer: NodeJS.Timeout | undefined;

  constructor(signal: AbortSignal, millis: number) {
    this.#signal = signal;
    this.#millis = millis;
    if (signal.aborted) this.#begin();
    else signal.addEventListener('abort', this.#begin);
  }

  /** Aborted when the time is over. */
  get kill(): AbortSignal {
    return this.#killer.signal;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#begin);
  }
}
