import { OffloadClosedError, OffloadQueueFullError } from '../offload.error.js';

interface Waiting {
  readonly task: string;
  start(): void;
  fail(error: unknown): void;
}

/**
 * Lets so many calls run at a time and the rest wait, first in, first out, up to a limit. Piscina's
 * own queue does not count calls with a signal, and forgets those that wait when the last worker dies.
 */
export class CallQueue {
  readonly #concurrency: number;
  readonly #maxQueue: number;
  /** A set keeps the order and forgets an aborted call at no cost. */
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #closed = false;
  #onIdle: (() => void) | undefined;

  constructor(concurrency: number, maxQueue: number) {
    this.#concurrency = concurrency;
    this.#maxQueue = maxQueue;
  }

  get queued(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Returns undefined if the call may run at once, else a promise of its turn. Each call that got its
   * turn leaves.
   *
   * @throws OffloadQueueFullError, OffloadClosedError, or the signal's reason
   */
  enter(task: string, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.#closed) throw new OffloadClosedError(task);
    signal?.throwIfAborted();
    if (this.#running < this.#concurrency) {
      this.#running += 1;
      return undefined;
    }
    if (this.#waiting.size >= this.#maxQueue) throw new OffloadQueueFullError(task, this.#maxQueue);
    return this.#wait(task, signal);
  }

  /** Gives the turn to the next. */
  leave(): void {
    const [next] = this.#waiting;
    if (next !== undefined) return next.start();
    this.#running -= 1;
    if (this.#running === 0) this.#onIdle?.();
  }

  /** Rejects what waits and resolves when nothing runs any more. */
  close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting) waiting.fail(new OffloadClosedError(waiting.task));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onIdle = resolve;
    if (this.#running === 0) resolve();
    return promise;
  }

  #wait(task: string, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => waiting.fail(signal?.reason);
    const forget = (): void => {
      this.#waiting.delete(waiting);
      signal?.removeEventListener('abort', onAbort);
    };
    const waiting: Waiting = {
      task,
      start: () => (forget(), resolve()),
      fail: (error) => (forget(), reject(error as Error)),
    };
    signal?.addEventListener('abort', onAbort);
    this.#waiting.add(waiting);
    return promise;
  }
}
