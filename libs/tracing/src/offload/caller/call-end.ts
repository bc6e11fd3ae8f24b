import {
  OffloadClosedError,
  OffloadConnectionError,
  OffloadCrashError,
  OffloadQueueFullError,
  OffloadTimeoutError,
} from '../offload.error.js';
import type { OffloadOutcome } from './offload-counts.js';

/** Says how a call ended that gave no result. */
interface CallEnd {
  /** Thrown to its caller. */
  readonly thrown: unknown;
  /** The account that it is booked to. */
  readonly outcome: OffloadOutcome | 'refused';
}

/**
 * Judges a call that failed.
 *
 * @param task the name of its task
 * @param closed whether the application is stopping
 */
export function endOf(
  task: string,
  error: unknown,
  signal: AbortSignal | undefined,
  closed: boolean,
): CallEnd {
  if (signal?.aborted === true) return { thrown: reasonOf(signal, error), outcome: 'cancelled' };
  if (error instanceof OffloadQueueFullError) return { thrown: error, outcome: 'refused' };
  if (error instanceof OffloadClosedError) return { thrown: error, outcome: 'cancelled' };
  if (!(error instanceof OffloadCrashError || error instanceof OffloadConnectionError)) {
    return { thrown: error, outcome: 'error' };
  }
  return closed
    ? { thrown: new OffloadClosedError(task), outcome: 'cancelled' }
    : { thrown: error, outcome: 'crashed' };
}

/** Tells a caller that ran out of time what kept its result away, if that is known. */
function reasonOf(signal: AbortSignal, error: unknown): unknown {
  const explains = signal.reason instanceof OffloadTimeoutError;
  return explains && error instanceof OffloadConnectionError ? error : signal.reason;
}
