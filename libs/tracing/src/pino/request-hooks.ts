import type { SpanContext } from '@opentelemetry/api';
import type { Options } from 'pino-http';
import { activeSpanContext } from '../logs/trace-fields.js';
import { markCopyWithSpan, markWithSpan } from './request-span.js';

/**
 * Adds to pino-http's options what its closing line ("request completed", "aborted", "errored")
 * needs. It writes that line in a listener of the response, where the async context is lost or is
 * the one of a span below. So the span that is active when the middleware runs is kept, and the
 * record is marked with it.
 *
 * pino-http calls `customProps` first in the middleware, for every request, and once more before the
 * closing line; of the two custom objects it calls the one that it then logs. The span is kept on the
 * response, beside what pino-http itself keeps there, under a symbol of this logger's own.
 */
export function withRequestSpan(options: Options): Options {
  const { customProps, customSuccessObject, customErrorObject } = options;
  const span = Symbol('nestjs-tracing:active-span');
  const spanOf = (res: object) => (res as KeptSpan)[span];
  const keep = (res: object, active: SpanContext | null) => ((res as KeptSpan)[span] = active);
  return {
    ...options,
    customProps: (req, res) => {
      if (spanOf(res) === undefined) keep(res, activeSpanContext() ?? null);
      return (isFunction(customProps) ? customProps(req, res) : customProps) as object;
    },
    customSuccessObject: (req, res, record: unknown): unknown => {
      return isFunction(customSuccessObject)
        ? markCopyWithSpan(customSuccessObject(req, res, record), spanOf(res))
        : markWithSpan(record, spanOf(res));
    },
    customErrorObject: (req, res, error, record: unknown): unknown => {
      return isFunction(customErrorObject)
        ? markCopyWithSpan(customErrorObject(req, res, error, record), spanOf(res))
        : markWithSpan(record, spanOf(res));
    },
  };
}

interface KeptSpan {
  [key: symbol]: SpanContext | null | undefined;
}

/** pino-http takes a plain object for `customProps` and ignores custom objects that are no functions. */
function isFunction<T>(hook: T): hook is T & ((...args: never[]) => unknown) {
  return typeof hook === 'function';
}
