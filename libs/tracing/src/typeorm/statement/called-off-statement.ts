import type { Attributes } from '@opentelemetry/api';
import { enclosingSignal } from '../../context/enclosing-work.js';
import {
  ATTR_TASK_CANCEL_REASON,
  ATTR_TASK_OUTCOME,
  describeReason,
  isCalledOff,
} from '../../span/outcome/called-off.js';
import { driverErrorOf } from './statement-error.js';

/** How servers and drivers say that a statement was cancelled because somebody asked for it. */
const CANCELLED = new Set<unknown>([
  '57014',
  'ER_QUERY_INTERRUPTED',
  'ECANCEL',
  'SQLITE_INTERRUPT',
]);
const ORACLE_CANCELLED = 1013;

interface DriverError {
  readonly code?: unknown;
  readonly errorNum?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
}

/**
 * Returns what a span says of a statement that its caller called off, or undefined if it has failed:
 * the group or task around it was cancelled, and the statement ended because of that, by the signal, by
 * a cancellation at the server or by the release of its query runner. What ran into a deadline, of the
 * caller's or the server's, has failed.
 *
 * @param signal that of the work around the statement
 */
export function callOffAttributes(
  error: unknown,
  signal: AbortSignal | undefined = enclosingSignal(),
): Attributes | undefined {
  // The reason echoes itself, unless it is a deadline.
  if (signal === undefined || !isCalledOff(signal.reason, signal)) return undefined;
  const inner = driverErrorOf(error);
  const isEcho = [error, inner].some((each) => isCalledOff(each, signal));
  return isEcho || isCancelled(inner) ? cancelled(signal.reason) : undefined;
}

/** Returns what a span says of a stream that its consumer has left before its end. */
export function cancelled(reason: unknown): Attributes {
  return { [ATTR_TASK_OUTCOME]: 'cancelled', [ATTR_TASK_CANCEL_REASON]: describeReason(reason) };
}

function isCancelled(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, errorNum, name, message } = error as DriverError;
  if (name === 'QueryRunnerAlreadyReleasedError' || errorNum === ORACLE_CANCELLED) return true;
  // PostgreSQL has one code for both.
  return CANCELLED.has(code) && !/timeout/i.test(String(message));
}
