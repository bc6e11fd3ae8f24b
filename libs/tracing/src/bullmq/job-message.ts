import type { OffloadAttempt } from '../offload/backend.interface.js';
import type { EncodedThrown } from '../offload/wire/error-codec.js';
import { isJson } from '../offload/wire/json-value.js';
import type { TraceHeaders } from '../propagation/trace-headers.js';

/** Raised when a message of another version could not be read. */
const VERSION = 1;

/** The data of a job: one call on its way to a host. */
export interface JobMessage {
  readonly version: typeof VERSION;
  readonly input?: unknown;
  readonly headers: TraceHeaders;
  /** Whether the caller's span is sampled. */
  readonly recording: boolean;
  /** Milliseconds since the epoch, with a fraction. */
  readonly submittedAt: number;
  /** Whether the caller waits for the result. */
  readonly awaited: boolean;
}

/** The return value of an awaited job. */
export interface JobReply extends Omit<OffloadAttempt, 'thrown'> {
  readonly version: typeof VERSION;
  /** Which attempt it was, counted from 1. */
  readonly attempt: number;
  readonly value?: unknown;
  readonly queueWaitMillis: number;
  readonly thread: number;
}

/** Puts the version on. */
export function versioned<T extends object>(message: T): T & { readonly version: typeof VERSION } {
  return { ...message, version: VERSION };
}

/**
 * Reads what a job holds.
 *
 * @throws TypeError if somebody else put the job into the queue, or a version that is not known
 */
export function readMessage<T extends JobMessage | JobReply>(data: unknown): T {
  if ((data as Partial<T> | null)?.version === VERSION) return data as T;
  throw new TypeError(
    'The job was not made by offload() or enqueue() of this version of nestjs-tracing: ' +
      'give them a queue of their own, and deploy hosts and callers of one version.',
  );
}

/** A thrown value without what JSON cannot hold. */
export function thrownAsJson(thrown: EncodedThrown): EncodedThrown {
  if (!('error' in thrown)) return isJson(thrown.value) ? thrown : { value: String(thrown.value) };
  const { fields, cause, errors, ...error } = thrown.error;
  const kept = Object.entries(fields).filter(([, value]) => isJson(value));
  return {
    error: {
      ...error,
      fields: Object.fromEntries(kept),
      ...(cause === undefined ? {} : { cause: thrownAsJson(cause) }),
      ...(errors === undefined ? {} : { errors: errors.map(thrownAsJson) }),
    },
  };
}
