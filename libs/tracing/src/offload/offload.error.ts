/**
 * The queue for workers is full. Slow the callers down, or raise `offload.maxQueue`.
 *
 * @example
 * ```ts
 * if (error instanceof OffloadQueueFullError) throw new HttpException('busy', 503);
 * ```
 */
export class OffloadQueueFullError extends Error {
  override readonly name = 'OffloadQueueFullError';

  /**
   * @param task the name of the task that was refused
   * @param maxQueue how many calls may wait
   */
  constructor(
    readonly task: string,
    readonly maxQueue: number,
  ) {
    super(
      `Task "${task}" was refused: ${maxQueue} calls are waiting for a worker already. ` +
        'Offload fewer at a time, or raise offload.maxQueue or offload.maxThreads.',
    );
  }
}

/**
 * The worker ended while it ran the task: a crash, a lack of memory, an error nobody caught.
 *
 * @example
 * ```ts
 * if (error instanceof OffloadCrashError) logger.error(error.cause, `worker lost in ${error.task}`);
 * ```
 */
export class OffloadCrashError extends Error {
  override readonly name = 'OffloadCrashError';

  /**
   * @param task the name of the task that it ran
   * @param cause what ended the worker
   * @param cure what to do about it, if that is known
   */
  constructor(
    readonly task: string,
    cause: unknown,
    cure?: string,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const ended = `The worker that ran task "${task}" ended before it answered: ${reason}`;
    super(cure === undefined ? ended : `${ended}. ${cure}`, { cause });
  }
}

/**
 * The application is stopping: the task was not started, or did not finish within the deadline.
 *
 * @example
 * ```ts
 * if (error instanceof OffloadClosedError) throw new ServiceUnavailableException();
 * ```
 */
export class OffloadClosedError extends Error {
  override readonly name = 'OffloadClosedError';

  /** @param task the name of the task that was refused or ended */
  constructor(readonly task: string) {
    super(`Task "${task}" was called off: the application is stopping.`);
  }
}

/**
 * The file of a task cannot be used. The message says why and what to do.
 *
 * @example
 * ```ts
 * await tracing.offload(task, input); // OffloadTaskFileError if its file does not export the task
 * ```
 */
export class OffloadTaskFileError extends Error {
  override readonly name = 'OffloadTaskFileError';
}

/**
 * Input or result cannot cross to another thread. The message names the path of the field.
 *
 * @example
 * ```ts
 * await tracing.offload(resize, { image, done: () => {} }); // OffloadDataError: … input.done …
 * ```
 */
export class OffloadDataError extends Error {
  override readonly name = 'OffloadDataError';
}
