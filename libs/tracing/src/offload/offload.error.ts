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

/**
 * The host that got the task does not have it. The message says which tasks it has.
 *
 * @example
 * ```ts
 * if (error instanceof OffloadTaskUnknownError) logger.error(`deploy the hosts: ${error.message}`);
 * ```
 */
export class OffloadTaskUnknownError extends Error {
  override readonly name = 'OffloadTaskUnknownError';

  /**
   * @param task the name of the task that was asked for
   * @param known the names of the tasks that the host has
   */
  constructor(
    readonly task: string,
    known: readonly string[],
  ) {
    super(
      `Task "${task}" is not registered on the host that got it, which has ${known.join(', ')}. ` +
        'Add it to the tasks of createOffloadHost(), and deploy the hosts before their callers.',
    );
  }
}

/**
 * The call did not end within its `timeoutMillis`.
 *
 * @example
 * ```ts
 * if (error instanceof OffloadTimeoutError) throw new GatewayTimeoutException();
 * ```
 */
export class OffloadTimeoutError extends Error {
  override readonly name = 'OffloadTimeoutError';

  /**
   * @param task the name of the task that was called off
   * @param timeoutMillis how long it might have taken
   */
  constructor(
    readonly task: string,
    readonly timeoutMillis: number,
  ) {
    super(`Task "${task}" was called off: it did not end within ${timeoutMillis} ms.`);
  }
}

/**
 * There is no connection to what carries calls to the hosts; whether the task runs there is not known.
 *
 * @example
 * ```ts
 * if (error instanceof OffloadConnectionError) throw new ServiceUnavailableException();
 * ```
 */
export class OffloadConnectionError extends Error {
  override readonly name = 'OffloadConnectionError';

  /**
   * @param task the name of the task that waits for an answer
   * @param where what cannot be reached
   * @param cause the last error of the connection
   */
  constructor(
    readonly task: string,
    where: string,
    cause: unknown,
  ) {
    const { code } = cause as { code?: unknown };
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = message === '' ? String(code) : message;
    super(
      `Task "${task}" was given up: there is no connection to ${where} (${reason}). ` +
        'Calls work again as soon as there is one.',
      { cause },
    );
  }
}

/** The call was called off before anything of it ran. Backends reject with it; callers never see it. */
export class CallNotStartedError extends Error {
  override readonly name = 'CallNotStartedError';
}
