/**
 * The group has ended: nothing can be spawned in it any more.
 *
 * @example
 * ```ts
 * let late: TaskGroup;
 * await tracing.group('load', (group) => void (late = group));
 * await late.spawn('more', work); // rejects: GroupClosedError
 * ```
 */
export class GroupClosedError extends Error {
  override readonly name = 'GroupClosedError';
  /** The name of the group. */
  readonly group: string;

  constructor(group: string) {
    super(
      `Group "${group}" has ended and starts nothing more. ` +
        'Spawn while its body or one of its children runs, or open another group.',
    );
    this.group = group;
  }
}

/**
 * The group took longer than its `timeoutMillis`. Its `name` is `TimeoutError`, as that of
 * `AbortSignal.timeout()`.
 *
 * @example
 * ```ts
 * try {
 *   await tracing.group('quotes', { timeoutMillis: 500 }, body);
 * } catch (error) {
 *   if (error instanceof GroupTimeoutError) throw new GatewayTimeoutException();
 *   throw error;
 * }
 * ```
 */
export class GroupTimeoutError extends Error {
  override readonly name = 'TimeoutError';
  /** The name of the group. */
  readonly group: string;
  /** The limit that was exceeded, in milliseconds. */
  readonly timeoutMillis: number;

  constructor(group: string, timeoutMillis: number) {
    super(`Group "${group}" took longer than its limit of ${timeoutMillis} ms.`);
    this.group = group;
    this.timeoutMillis = timeoutMillis;
  }
}

/**
 * A child was never started because its group was cancelled before. Its `name` and `code` are those
 * of every abort, its `cause` is the reason of the cancellation.
 *
 * @example
 * ```ts
 * const results = await tracing.settled('import', rows, { signal }, importRow);
 * const skipped = results.filter((r) => r.status === 'rejected' && r.reason instanceof TaskNotStartedError);
 * ```
 */
export class TaskNotStartedError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';
  /** The name of the child. */
  readonly task: string;

  constructor(task: string, group: string, reason: unknown) {
    super(`"${task}" was not started: group "${group}" was cancelled.`, { cause: reason });
    this.task = task;
  }
}
