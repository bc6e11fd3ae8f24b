const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Marks our listeners, those of another copy of this package too: they do not stand back for each other. */
const OWN = Symbol.for('nestjs-tracing:exit-watch');

/** Calls back when the process ends, in whatever way leaves it the time to. */
export class ExitWatch {
  readonly #onEnd: (reason: string) => void;
  readonly #listeners = new Map<string, () => void>();

  /**
   * @param onEnd called at most once, with the way the process ends; it must do its work at once
   * @param signals whether to catch SIGTERM and SIGINT too
   */
  constructor(onEnd: (reason: string) => void, signals: boolean) {
    this.#onEnd = onEnd;
    this.#listen('exit', () => this.#end('process exit'));
    if (!signals) return;
    for (const signal of SIGNALS) this.#listen(signal, () => this.#caught(signal));
  }

  /** Calls back, once, when a process has run out of work and could still do some. */
  onceIdle(onIdle: () => void): void {
    const listener = (): void => {
      process.removeListener('beforeExit', listener);
      onIdle();
    };
    this.#listen('beforeExit', listener);
  }

  stop(): void {
    for (const [event, listener] of this.#listeners) process.removeListener(event, listener);
    this.#listeners.clear();
  }

  #listen(event: string, listener: () => void): void {
    this.#listeners.set(event, listener);
    process.on(event, Object.assign(listener, { [OWN]: true }));
  }

  /** Stands back where somebody else listens; else the signal has its default effect, a little later. */
  #caught(signal: NodeJS.Signals): void {
    if (process.listeners(signal).some((listener) => !(OWN in listener))) return;
    this.#end(signal);
    process.kill(process.pid, signal);
  }

  #end(reason: string): void {
    this.stop();
    this.#onEnd(reason);
  }
}
