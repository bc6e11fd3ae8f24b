const EVERY_MILLIS = 30_000;

/** Says what an application may cause as often as it likes: once in 30 seconds at most. */
export class RareWarning {
  readonly #warn: (message: string) => void;
  #saidAt = -Infinity;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  say(message: string): void {
    const now = performance.now();
    if (now - this.#saidAt < EVERY_MILLIS) return;
    this.#saidAt = now;
    this.#warn(message);
  }
}
