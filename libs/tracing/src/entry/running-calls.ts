import type { Observable } from 'rxjs';
import { tap } from 'rxjs';
import { isObject } from '../span/is-object.js';
import { isAnyObservable } from '../span/results/observable.js';
import { isPlainPromise } from '../span/results/plain-promise.js';
import { withOwnProperties } from '../span/results/derived-promise.js';

/** The calls of the handlers of one entry that have not ended, where it has several. */
export class RunningCalls {
  #running = 0;
  #idle: (() => void) | undefined;

  /** Calls a handler, and takes it as running until its result has settled or its stream has ended. */
  count(call: () => unknown): unknown {
    this.#running += 1;
    let result: unknown;
    try {
      result = call();
    } catch (error) {
      this.#ended();
      throw error;
    }
    if (isPlainPromise(result)) return this.#countPromise(result);
    this.#ended();
    return isObject(result) && isAnyObservable(result)
      ? this.#countSubscriptions(result as Observable<unknown>)
      : result;
  }

  /** Calls a function once, when no call runs: now, or later. */
  whenIdle(idle: () => void): void {
    if (this.#running === 0) idle();
    else this.#idle = idle;
  }

  #countPromise(promise: Promise<unknown>): Promise<unknown> {
    const derived = promise.then(
      (value) => {
        this.#ended();
        return value;
      },
      (error: unknown) => {
        this.#ended();
        throw error;
      },
    );
    return withOwnProperties(derived, promise);
  }

  #countSubscriptions(source: Observable<unknown>): Observable<unknown> {
    const subscribe = (): void => void (this.#running += 1);
    return source.pipe(tap({ subscribe, finalize: this.#ended }));
  }

  readonly #ended = (): void => {
    this.#running -= 1;
    if (this.#running > 0) return;
    const idle = this.#idle;
    this.#idle = undefined;
    idle?.();
  };
}
