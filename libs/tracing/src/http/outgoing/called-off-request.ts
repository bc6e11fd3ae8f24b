import { isCalledOff } from '../../span/outcome/called-off.js';

/** The end of a request that got no response. */
interface RequestEnd {
  readonly error: unknown;
  /** The signal of the group or task that the request was made in. */
  readonly signal?: AbortSignal | undefined;
  /** Whether its caller has aborted it; undefined where only the error can tell. */
  readonly aborted?: boolean | undefined;
}

/**
 * Returns why a request was called off by its caller, or undefined if it has failed. A deadline of the
 * caller's is no such reason: what ran out of time has failed.
 */
export function callOffReason({
  error,
  signal,
  aborted,
}: RequestEnd): { reason: unknown } | undefined {
  if (aborted === false) return undefined;
  if (signal?.aborted === true) {
    return isCalledOff(error, signal) ? { reason: signal.reason } : undefined;
  }
  if (aborted !== true && !isAbort(error)) return undefined;
  const reason = reasonOf(error);
  return isCalledOff(error, AbortSignal.abort(reason)) ? { reason } : undefined;
}

/** Whether an error says of itself that a signal has made it: it echoes one that has no other reason. */
function isAbort(error: unknown): boolean {
  return isCalledOff(error, AbortSignal.abort());
}

/** Node says the reason as the cause, axios by the signal of its configuration; undici throws the reason. */
function reasonOf(error: unknown): unknown {
  const { config, cause } = (isAbort(error) ? error : {}) as {
    config?: { signal?: Partial<AbortSignal> };
    cause?: unknown;
  };
  return config?.signal?.reason ?? cause ?? error;
}
