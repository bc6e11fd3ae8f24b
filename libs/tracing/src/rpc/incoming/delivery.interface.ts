import type { Attributes } from '@opentelemetry/api';

/** What is known of a message when its handler is called. */
export interface Delivery {
  /** Where the caller's trace context may be. */
  readonly carrier: unknown;
  /** The concrete channel, subject or topic. */
  readonly destination?: string | undefined;
  /** Whether nobody waits for a reply; undefined if the message does not tell. */
  readonly isEvent?: boolean | undefined;
  /** What else the broker tells. */
  readonly attributes?: Attributes | undefined;
}

/** The milliseconds that a message has waited at its broker, where that tells when it came. */
export const ATTR_QUEUE_WAIT = 'async.message.queue_wait_ms';
/** True for a message that was given to a consumer before. */
export const ATTR_REDELIVERED = 'async.message.redelivered';
/** How often a message has been delivered, this time included, where it is known. */
export const ATTR_ATTEMPT = 'async.message.attempt';
