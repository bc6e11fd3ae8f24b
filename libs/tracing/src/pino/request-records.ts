import type { SpanContext } from '@opentelemetry/api';
import { activeSpanContext } from '../logs/trace-fields.js';
import { isObject } from '../span/is-object.js';
import { markedSpan } from './request-span.js';

/** A record of Fastify's own logger: `req` when a request comes, `res` and the time at its end. */
interface FastifyRecord {
  readonly req?: unknown;
  readonly res?: { readonly request?: unknown };
  readonly responseTime?: unknown;
}

/**
 * Tells which span the records of one logger belong to: the one they were marked with, else the
 * active one. Fastify writes the line that closes a request in a listener of the response, where the
 * active span is another; its records belong to the span that was active when the request came.
 */
export class RequestRecords {
  readonly #requests = new WeakMap<object, SpanContext | null>();

  /** The span of a record, or undefined for none. */
  of(record: object): SpanContext | undefined {
    const marked = markedSpan(record);
    const known = marked === undefined ? this.#ofClosedRequest(record) : marked;
    return known === undefined ? this.#ofActive(record) : (known ?? undefined);
  }

  #ofClosedRequest({ res, responseTime }: FastifyRecord): SpanContext | null | undefined {
    if (responseTime === undefined || !isObject(res?.request)) return undefined;
    return this.#requests.get(res.request);
  }

  #ofActive({ req }: FastifyRecord): SpanContext | undefined {
    const span = activeSpanContext();
    if (isObject(req) && !this.#requests.has(req)) this.#requests.set(req, span ?? null);
    return span;
  }
}
