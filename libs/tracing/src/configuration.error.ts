/**
 * A setting that cannot be used. The message names the option and says what to write instead.
 *
 * @example
 * ```ts
 * try {
 *   TracingModule.forRoot({ strict: true, endpoint: 'collector' });
 * } catch (error) {
 *   if (error instanceof TracingConfigurationError) console.error(error.option); // endpoint
 * }
 * ```
 */
export class TracingConfigurationError extends Error {
  override readonly name = 'TracingConfigurationError';

  /**
   * @param option the option's path, such as `batch.maxQueueSize`, or the variable's name
   * @param cure what is wrong with it and what to write instead
   */
  constructor(
    readonly option: string,
    cure: string,
  ) {
    super(`${option}: ${cure}`);
  }
}
