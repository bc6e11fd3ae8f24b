import type { Span } from '@opentelemetry/api';

/**
 * Gives a running task what it has beside its input.
 *
 * @example
 * ```ts
 * defineTask(import.meta.url, 'primes', (limit: number, { signal, span }) => {
 *   span.setAttribute('primes.limit', limit);
 *   for (let n = 2; n < limit; n += 1) signal.throwIfAborted();
 * });
 * ```
 */
export interface TaskContext {
  /** Aborted when the caller gives up. `aborted` and `throwIfAborted()` also tell it in a busy loop. */
  readonly signal: AbortSignal;
  /** The task's own span; one that records nothing if the caller is not sampled. */
  readonly span: Span;
}

/**
 * The work of a task. It runs in a worker, so it sees nothing of the caller but its input.
 *
 * @example
 * ```ts
 * const sum: WorkerFunction<number[], number> = (values) => values.reduce((a, b) => a + b, 0);
 * export const sumTask = defineTask(import.meta.url, 'sumTask', sum);
 * ```
 */
export type WorkerFunction<I, O> = (input: I, task: TaskContext) => O | Promise<O>;

/**
 * A task that can be offloaded. Made by `defineTask()`.
 *
 * @example
 * ```ts
 * type Hash = WorkerTask<string, string>;
 * export const hash: Hash = defineTask(import.meta.url, 'hash', (text) => digest(text));
 * ```
 */
export interface WorkerTask<I, O> {
  /** URL of the file that defines and exports it. */
  readonly file: string;
  /** Its name in spans, and the one that it is exported by. */
  readonly name: string;
  /** The function itself. */
  readonly run: WorkerFunction<I, O>;
}

/** A task of whatever types, for code that passes it on. */
export type AnyTask = WorkerTask<never, unknown>;
