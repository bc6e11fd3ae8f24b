import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

export const OUTCOME = 'async.task.outcome';
export const REASON = 'async.task.cancel.reason';

const COUNTS = ['total', 'ok', 'error', 'cancelled', 'not_started'] as const;

/** The counts on a group's span, by their last word. */
export function countsOf(span: ReadableSpan): Record<string, unknown> {
  return Object.fromEntries(
    COUNTS.map((key) => [key, span.attributes[`async.group.tasks.${key}`]]),
  );
}

/** A time of the SDK as one number. */
export function nanos([seconds, rest]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}

/** The messages of the exceptions on a span, in order. */
export function exceptionsOf(span: ReadableSpan): unknown[] {
  return span.events.map(({ attributes }) => attributes?.['exception.message']);
}
