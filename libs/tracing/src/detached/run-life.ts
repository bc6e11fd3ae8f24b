import type { DetachedOutcome } from './detached.interface.js';

/**
 * What a context knows of the run that it belongs to. The context outlives the run with every timer and
 * promise that was made in it, so nothing here leads to the task, its arguments or its result.
 */
export class RunLife {
  /** How the run ended, or undefined while it has not. */
  outcome: DetachedOutcome | undefined;
  /** Made when it is first asked for: most tasks never look at their signal. */
  #abort: AbortController | undefined;

  get controller(): AbortController {
    this.#abort ??= new AbortController();
    return this.#abort;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The signal, if it has been aborted. One that nobody has asked for cannot have been. */
  get aborted(): AbortSignal | undefined {
    return this.#abort?.signal.aborted === true ? this.#abort.signal : undefined;
  }
}
