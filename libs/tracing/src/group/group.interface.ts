import type { Span } from '@opentelemetry/api';
import type { FlatAttributes } from '../span/attributes/flat-attributes.interface.js';

/**
 * Gives a task the means to notice that it is called off, and its span.
 *
 * @example
 * ```ts
 * group.spawn('prices', async ({ signal, span }) => {
 *   span.setAttribute('price.list', list);
 *   return fetch(url, { signal });
 * });
 * ```
 */
export interface TaskContext {
  /** Aborts when the task is to stop. Pass it to `fetch`, to timers and to other work. */
  readonly signal: AbortSignal;
  /** The task's span. Where none is made, the one that is active, or one that records nothing. */
  readonly span: Span;
}

/**
 * The work of one task. It may return a value, a promise or any other thenable.
 *
 * @example
 * ```ts
 * const loadUser: TaskFunction<User> = ({ signal }) => users.find(id, { signal });
 * group.spawn('user', loadUser);
 * ```
 */
export type TaskFunction<T> = (task: TaskContext) => T | PromiseLike<T>;

/**
 * A group while its body runs: it starts children and waits for them.
 *
 * @example
 * ```ts
 * await tracing.group('load profile', async (group) => {
 *   const user = group.spawn('user', ({ signal }) => this.users.find(id, { signal }));
 *   const orders = group.spawn('orders', ({ signal }) => this.orders.list(id, { signal }));
 *   return { user: await user, orders: await orders };
 * });
 * ```
 */
export interface TaskGroup {
  /**
   * Starts a child, or queues it where `concurrency` is used up, and returns its result. The child's
   * span starts when its function is called and ends when what it returned has settled; its parent
   * is the group's span, wherever `spawn` is called, with a link to the span that was active there.
   * The function sees the async context of this call. A failure nobody awaits is the group's to
   * report and never an unhandled rejection.
   *
   * @param name the span's name. Default: the function's name, else `<group> task`
   * @param fn the work, as a function: a promise would run already, outside of the group
   * @throws GroupClosedError if the group has ended
   * @throws TypeError if it is given no function
   * @returns the child's result; rejects with what the child threw, or with `TaskNotStartedError`
   * if the group was cancelled before the child could start
   */
  spawn<T>(name: string, fn: TaskFunction<T>): Promise<T>;
  spawn<T>(fn: TaskFunction<T>): Promise<T>;
  /**
   * Aborts at the first failure, with that error as its reason, and whenever the group is cancelled.
   */
  readonly signal: AbortSignal;
  /** The group's span. */
  readonly span: Span;
  /** The failures so far, in the order of their occurrence. */
  readonly errors: readonly unknown[];
  /**
   * Cancels what runs and drops what is queued. It is no failure: a body that returns a value all the
   * same has it returned. Idempotent; without effect once the group has ended.
   *
   * @param reason the signal's reason. Default: an AbortError
   */
  cancel(reason?: unknown): void;
}

/**
 * How a group runs its children and what it does about failures.
 *
 * @example
 * ```ts
 * await tracing.group('sync', { concurrency: 4, timeoutMillis: 5000, onError: 'continue' }, body);
 * ```
 */
export interface GroupOptions {
  /**
   * Children that run at the same time; the others wait in the order of their spawning. A child that
   * awaits another one of its group makes room for it if nothing else could run. Default: no limit.
   */
  readonly concurrency?: number;
  /**
   * Milliseconds until the group is cancelled and fails with `GroupTimeoutError`. Default: no limit.
   */
  readonly timeoutMillis?: number;
  /** Cancels the group when it aborts, in addition to the group or task that this one runs in. */
  readonly signal?: AbortSignal;
  /** Whether the first failure cancels the siblings or lets them finish. Default: `cancel`. */
  readonly onError?: 'cancel' | 'continue';
  /**
   * Whether the first failure is thrown as it is, or all of them as an AggregateError. Default:
   * `first`.
   */
  readonly errors?: 'first' | 'aggregate';
  /** Attributes of the group's span, given at start. */
  readonly attributes?: FlatAttributes;
  /**
   * Which children get spans: all, those that fail or are cancelled, or none. What a child without a
   * span traces is a child of the group's span. Default: `all`.
   */
  readonly spans?: 'all' | 'errors' | 'none';
  /**
   * Milliseconds that cancelled children may take to stop before a warning names them. Default: 1000.
   */
  readonly graceMillis?: number;
}
