import type { TaskCancellation } from '../task/run-task.js';

/** Follows the caller's signal, with the reason that a worker would see. */
export class LocalCancellation implements TaskCancellation {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #abort = (): void => this.#controller.abort();

  constructor(caller: AbortSignal | undefined) {
    this.#caller = caller;
    caller?.addEventListener('abort', this.#abort);
  }

  get aborted(): boolean {
    return this.#controller.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  close(): void {
    this.#caller?.removeEventListener('abort', this.#abort);
  }
}
