/** Why a task was not taken. */
export type RejectionReason = 'overflow' | 'dropped' | 'stopped';

/** Thrown at whoever detaches work that is not taken; the work has not begun and never will. */
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

/** What is recorded on the span of a task that was still running when the shutdown's time was up. */
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
