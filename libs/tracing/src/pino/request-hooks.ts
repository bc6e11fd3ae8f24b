import type { SpanContext } from '@opentelemetry/api';
import type { Options } from 'pino-http';
import { activeSpanContext } from '../logs/trace-fields.js';
import { markWithSpan } from './request-span.js';

/**
 * Adds to pino-http's options what its closing line ("request completed", "aborted", "errored")
 * needs. It writes that line in a listener of the response, where the async context is lost or is
 * the one of a span below. So the span that is active when the middleware runs is kept, and the
 * record is marked with it.
 *
 * pino-http calls `customProps` first in the middleware, for every request, and once more before the
 * closing line; of the two custom objects it calls the one that it then logs.
 */
export function withRequestSpan(options: Options): Options {
  const { customProps, customSuccessObject, customErrorObject } = options;
  const spans = new WeakMap<object, SpanContext | null>();
  return {
    ...options,
    customProps: (req, res) => {
      if (!spans.has(res)) spans.set(res, activeSpanContext() ?? null);
      return (isFunction(customProps) ? customProps(req, res) : customProps) as object;
    },
    customSuccessObject: (req, res, record: unknown): unknown => {
      const own = isFunction(customSuccessObject) ? customSuccessObject(req, res, record) : record;
      return markWithSpan(own, spans.get(res));
    },
    customErrorObject: (req, res, error, record: unknown): unknown => {
      const own = isFunction(customErrorObject)
        ? customErrorObject(req, res, error, record)
        : record;
      return markWithSpan(own, spans.get(res));
    },
  };
}

/** pino-http takes a plain object for `customProps` and ignores custom objects that are no functions. */
function isFunction<T>(hook: T): hook is T & ((...args: never[]) => unknown) {
  return typeof hook === 'function';
}
