/**
 * Why a task was not taken.
 *
 * @example
 * ```ts
 * const retry = error instanceof DetachedRejectedError && error.reason === 'overflow';
 * ```
 */
export type RejectionReason = 'overflow' | 'dropped' | 'stopped';

/**
 * Thrown at whoever detaches work that is not taken; the work has not begun and never will.
 *
 * @example
 * ```ts
 * try {
 *   this.tracing.detach('audit', () => this.audits.write(entry));
 * } catch (error) {
 *   if (error instanceof DetachedRejectedError) await this.outbox.keep(entry); // error.reason
 * }
 * ```
 */
export class DetachedRejectedError extends Error {
  override readonly name = 'DetachedRejectedError';

  /**
   * @param task the task's name
   * @param reason `overflow`: the limits are reached; `dropped`: it waited and was given up for a
   * newer task; `stopped`: the application is shutting down
   * @param cure what happened and what to do
   */
  constructor(
    readonly task: string,
    readonly reason: RejectionReason,
    cure: string,
  ) {
    super(`Detached task "${task}" was not started: ${cure}`);
  }
}

/**
 * Recorded on the span of a task that was still running when the shutdown's time was up.
 *
 * @example
 * ```ts
 * // on the span of a task that a shutdown did not wait for any longer:
 * // exception.type = 'DetachedAbandonedError', async.task.outcome = 'abandoned'
 * ```
 */
export class DetachedAbandonedError extends Error {
  override readonly name = 'DetachedAbandonedError';

  /** @param task the task's name */
  constructor(readonly task: string) {
    super(`Detached task "${task}" was abandoned: it was still running when the shutdown ended.`);
  }
}

/** The reason of the signal that tells running tasks that the shutdown's time is up. */
export class ShutdownAbortError extends Error {
  override readonly name = 'AbortError';

  constructor() {
    super('The application is shutting down and its time is up.');
  }
}
