import { errorMessage } from '../span/exception.js';
import { describeReason, isAbortEcho } from '../span/outcome/called-off.js';

/** Says who called a group off, and why. */
export interface CancelCause {
  readonly by: 'task' | 'body' | 'timeout' | 'signal' | 'cancel';
  readonly reason: unknown;
  /** The child whose failure it was, and in a `map` the item that it worked on. */
  readonly task?: { readonly name: string; readonly index: number | undefined };
}

/**
 * The one signal of a group. It aborts once; whatever may abort it is let go of at the end. The
 * signal is made when it is first asked for: making one costs as much as running several children.
 */
export class Cancellation {
  readonly #outer: AbortSignal[] = [];
  readonly #onOuterAbort: (event: Event) => void;
  #controller: AbortController | undefined;
  #cause: CancelCause | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onOuterAbort called when a followed signal aborts, with its reason */
  constructor(onOuterAbort: (reason: unknown) => void) {
    this.#onOuterAbort = ({ target }) => onOuterAbort((target as AbortSignal).reason);
  }

  get signal(): AbortSignal {
    return (this.#controller ??= this.#makeController()).signal;
  }

  /** The first cause, or undefined while nothing has been called off. */
  get cause(): CancelCause | undefined {
    return this.#cause;
  }

  /** Aborts the signal, once. Without a reason it is an AbortError, as that of any signal. */
  cancel(cause: CancelCause): void {
    if (this.#cause !== undefined) return;
    const reason = cause.reason === undefined ? AbortSignal.abort().reason : cause.reason;
    this.#cause = { ...cause, reason };
    clearTimeout(this.#timer);
    this.#controller?.abort(reason);
  }

  /** Whether an error is what the abort made of running work. Before the abort no error is. */
  isEcho(error: unknown): boolean {
    return this.#cause !== undefined && isAbortEcho(error, this.#cause.reason);
  }

  /** Is told when one of the signals aborts. */
  follow(signal: AbortSignal): void {
    this.#outer.push(signal);
    signal.addEventListener('abort', this.#onOuterAbort);
  }

  /** Sets the one timer: the deadline before the abort, the reminder after it. It keeps no process alive. */
  schedule(delayMillis: number, callback: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(callback, delayMillis).unref();
  }

  /** Lets go of the outer signals and the timer. */
  release(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    for (const signal of this.#outer) signal.removeEventListener('abort', this.#onOuterAbort);
    this.#outer.length = 0;
  }

  #makeController(): AbortController {
    const controller = new AbortController();
    if (this.#cause !== undefined) controller.abort(this.#cause.reason);
    return controller;
  }
}

/** A cause as a text for those who read the trace of what it ended. */
export function describeCause({ by, reason, task }: CancelCause): string {
  if (task !== undefined)
    return `"${task.name}"${item(task.index)} failed: ${describeReason(reason)}`;
  if (by === 'body') return `the body failed: ${describeReason(reason)}`;
  return by === 'timeout' ? errorMessage(reason) : describeReason(reason);
}

/** All children of a `map` have one name; their spans tell themselves apart by the same number. */
function item(index: number | undefined): string {
  return index === undefined ? '' : ` (item ${index})`;
}
