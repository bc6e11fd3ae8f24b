import { errorMessage, errorType } from '../exception.js';
import { readGuarded } from './read-guarded.js';

/** Names the outcome of a task, or of a call below it: `ok`, `error`, `cancelled` and so on. */
export const ATTR_TASK_OUTCOME = 'async.task.outcome';
/** Names the reason of a cancellation, and who it came from. */
export const ATTR_TASK_CANCEL_REASON = 'async.task.cancel.reason';

/** How Node, undici and axios name the errors of what a signal has ended. */
const ABORT_CODES = new Set<unknown>(['ABORT_ERR', 'UND_ERR_ABORTED', 'ERR_CANCELED']);

/**
 * Whether work ended because its caller called it off through a signal: then it has not failed. The
 * reason of the signal counts, any error around it and any AbortError after the abort. A deadline is
 * no such call: what ran out of time has failed.
 *
 * @param error what the work threw or rejected with
 * @param signal the caller's; undefined if it gave none
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 */
export function isCalledOff(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted !== true) return false;
  return !isDeadline(signal.reason) && isAbortEcho(error, signal.reason);
}

/**
 * Whether an error is what an abort made of running work: the reason itself (as `fetch` rejects with
 * it), an error around it, or any AbortError (as Node's own APIs throw). To be asked after the abort.
 */
export function isAbortEcho(error: unknown, reason: unknown): boolean {
  if (error === reason || isAbortError(error)) return true;
  const cause = readGuarded(error, 'cause');
  return cause !== undefined && cause === reason;
}

/** Whether an error says of itself that a signal has made it. */
function isAbortError(error: unknown): boolean {
  return readGuarded(error, 'name') === 'AbortError' || ABORT_CODES.has(readGuarded(error, 'code'));
}

/** Whether an error is what Node throws at the source of a stream whose consumer has gone. */
export function isConsumerGone(error: unknown): boolean {
  return isAbortError(error) || readGuarded(error, 'code') === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Returns the reason of an abort as a text for those who read the trace of what it ended. */
export function describeReason(reason: unknown): string {
  if (typeof reason !== 'object' || reason === null) return String(reason);
  return `${errorType(reason)}: ${errorMessage(reason)}`;
}

/** `AbortSignal.timeout()`, and the deadlines of groups and offloaded calls. */
function isDeadline(reason: unknown): boolean {
  return (
    typeof reason === 'object' && reason !== null && errorType(reason).endsWith('TimeoutError')
  );
}
