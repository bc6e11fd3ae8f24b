/**
 * Whether a task's failure is its answer to an abort: the reason itself, as `fetch` throws it, or an
 * AbortError, as Node's own APIs do. An AbortError of another signal is a failure as any.
 */
export function isCancellation(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  if (error === signal.reason) return true;
  return typeof error === 'object' && error !== null && isAbort(error, signal.reason);
}

/** The properties may be getters that throw: then it is a failure of the application's own. */
function isAbort(error: object, reason: unknown): boolean {
  try {
    const { name, code, cause } = error as Record<'name' | 'code' | 'cause', unknown>;
    return (
      name === 'AbortError' || code === 'ABORT_ERR' || (cause !== undefined && cause === reason)
    );
  } catch {
    return false;
  }
}
