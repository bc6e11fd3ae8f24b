import { errorMessage, errorType } from '../span/exception.js';

/**
 * Whether an error is what an abort made of running work: the reason itself (as `fetch` rejects with
 * it), an error around it, or any AbortError (as Node's own APIs throw). To be asked after the abort.
 */
export function isAbortEcho(error: unknown, reason: unknown): boolean {
  if (error === reason) return true;
  return typeof error === 'object' && error !== null && isAbort(error, reason);
}

/** The reason of an abort as a text for those who read the trace of what it ended. */
export function describeReason(reason: unknown): string {
  if (typeof reason !== 'object' || reason === null) return String(reason);
  return `${errorType(reason)}: ${errorMessage(reason)}`;
}

/** The properties may be getters that throw: then it is a failure of the application's own. */
function isAbort(error: object, reason: unknown): boolean {
  try {
    const { name, code, cause } = error as Record<'name' | 'code' | 'cause', unknown>;
    if (name === 'AbortError' || code === 'ABORT_ERR') return true;
    return cause !== undefined && cause === reason;
  } catch {
    return false;
  }
}
