import type { SpanContext } from '@opentelemetry/api';

/**
 * Marks a record as the line that closes a request, with the span of that request, or null if there
 * was none. A symbol key, because pino writes none, and copies of the record keep it.
 */
const REQUEST_SPAN = Symbol('nestjs-tracing:request-span');

interface MaybeMarked {
  readonly [REQUEST_SPAN]?: SpanContext | null;
}

/** The span that a record was marked with, null if with none, undefined if it was not marked. */
export function markedSpan(record: object): SpanContext | null | undefined {
  return (record as MaybeMarked)[REQUEST_SPAN];
}

/** Marks what pino-http has made to be logged, which nobody else has seen, with the request's span. */
export function markWithSpan(record: unknown, span: SpanContext | null | undefined): unknown {
  if (span === undefined || typeof record !== 'object' || record === null) return record;
  (record as { [REQUEST_SPAN]?: SpanContext | null })[REQUEST_SPAN] = span;
  return record;
}

/**
 * A copy of what a custom object of the application's is, marked with the request's span. Errors stay as
 * they are: a copy would lose message and stack.
 */
export function markCopyWithSpan(record: unknown, span: SpanContext | null | undefined): unknown {
  if (span === undefined || record instanceof Error) return record;
  if (record === undefined || record === null) return { [REQUEST_SPAN]: span };
  if (typeof record !== 'object') return record;
  const copy = Object.create(Object.getPrototypeOf(record) as object | null) as object;
  return Object.assign(copy, record, { [REQUEST_SPAN]: span });
}
