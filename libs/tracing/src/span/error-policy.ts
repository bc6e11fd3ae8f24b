/**
 * Decides what a thrown value means for its span: `error` sets the status to ERROR, `expected`
 * records the exception as an event and leaves the status UNSET.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   errors: (error) => (error instanceof NotFoundError ? 'expected' : 'error'),
 * });
 * ```
 */
export type ErrorPolicy = (error: unknown) => 'error' | 'expected';

/**
 * The default policy: an HTTP exception below 500 is an answer, not a failure. Told by `getStatus()`,
 * so that it also holds for a second copy of `@nestjs/common`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 */
export const classifyHttpErrors: ErrorPolicy = (error) => {
  const status = httpStatusOf(error);
  return status !== undefined && status < 500 ? 'expected' : 'error';
};

function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { getStatus } = error as { getStatus?: unknown };
  if (typeof getStatus !== 'function') return undefined;
  const status: unknown = Reflect.apply(getStatus, error, []);
  return typeof status === 'number' ? status : undefined;
}
