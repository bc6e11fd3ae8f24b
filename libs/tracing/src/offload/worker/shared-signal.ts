import { NO_FLAG } from '../piscina/messages.js';
import type { TaskCancellation } from '../task/run-task.js';

/**
 * The task's end of a shared flag. No event reaches a thread that is busy, so `aborted` and
 * `throwIfAborted()` look at the flag themselves; who waits is woken up.
 */
export class SharedSignal implements TaskCancellation {
  readonly #flags: Int32Array;
  readonly #flag: number;
  #controller: AbortController | undefined;
  #closed = false;

  constructor(flags: Int32Array, flag: number) {
    this.#flags = flags;
    this.#flag = flag;
  }

  get aborted(): boolean {
    return this.#flag !== NO_FLAG && Atomics.load(this.#flags, this.#flag) !== 0;
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#open();
    return this.#controller.signal;
  }

  /** The task has settled; the flag will be somebody else's. */
  close(): void {
    this.#closed = true;
    if (this.#controller !== undefined && this.#flag !== NO_FLAG) {
      Atomics.notify(this.#flags, this.#flag);
    }
  }

  #open(): AbortController {
    const controller = new AbortController();
    if (this.#flag === NO_FLAG) return controller;
    this.#lookFirst(controller);
    const { async: waits, value } = Atomics.waitAsync(this.#flags, this.#flag, 0);
    if (waits) void value.then(() => this.#look(controller));
    else this.#look(controller);
    return controller;
  }

  #look(controller: AbortController): void {
    if (!this.#closed && this.aborted) controller.abort();
  }

  #lookFirst(controller: AbortController): void {
    const { signal } = controller;
    const native = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted');
    const { throwIfAborted } = signal;
    const isAborted = (): boolean => {
      this.#look(controller);
      return Reflect.apply(native?.get ?? (() => false), signal, []) as boolean;
    };
    Object.defineProperties(signal, {
      aborted: { get: isAborted },
      throwIfAborted: { value: () => isAborted() && throwIfAborted.call(signal) },
    });
  }
}
