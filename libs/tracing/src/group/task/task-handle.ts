import type { Task, TaskSink } from './task.js';

/** Is told that somebody waits for a task. */
interface TaskWatcher {
  awaited(task: Task): void;
}

/**
 * The result of a child in a group of limited concurrency. It tells the group when it is awaited, so
 * that siblings that wait for each other cannot use up every slot. A subclass, because `await` asks
 * only those for their `then`.
 */
class TaskHandle<T> extends Promise<T> {
  #watcher: TaskWatcher | undefined;
  #task: Task | undefined;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** Tells the watcher from now on, until the task has settled. */
  watch(watcher: TaskWatcher, task: Task): void {
    this.#watcher = watcher;
    this.#task = task;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- `await` calls it, which is what it is for
  override then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    if (typeof onFulfilled === 'function') this.#noticeWait();
    return super.then(onFulfilled, onRejected);
  }

  #noticeWait(): void {
    if (this.#task === undefined) return;
    if (this.#task.state !== 'settled') return this.#watcher?.awaited(this.#task);
    this.#task = undefined;
    this.#watcher = undefined;
  }
}

/** The handle of a child that may have to wait, and the sink that settles it. */
export class PendingHandle implements TaskSink {
  readonly promise: TaskHandle<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.promise = new TaskHandle<unknown>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value: unknown): void {
    this.#resolve(value);
  }

  /** The group reports the error, so a handle nobody looks at is no unhandled rejection. */
  reject(error: unknown): void {
    this.promise.catch(() => undefined);
    this.#reject(error);
  }
}

/** A rejection that the group reports: nobody has to handle it. */
export function reportedRejection(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  markReported(promise);
  return promise;
}

/** Keeps a rejection that the group reports from being an unhandled one. */
export function markReported(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
