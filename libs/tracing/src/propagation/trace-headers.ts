import {
  ROOT_CONTEXT,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
} from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { W3cPropagator } from './w3c-propagator.js';

/**
 * Trace and baggage as W3C headers, whatever propagator the application has registered.
 *
 * @see https://www.w3.org/TR/trace-context/
 * @see https://www.w3.org/TR/baggage/
 *
 * @example
 * ```ts
 * const headers: TraceHeaders = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
 * ```
 */
export interface TraceHeaders {
  /** The span that is the parent. */
  readonly traceparent?: string | undefined;
  /** Further data of vendors. */
  readonly tracestate?: string | undefined;
  /** The baggage of its context. */
  readonly baggage?: string | undefined;
}

const propagator = new W3cPropagator();

/** The headers of a context. */
export function writeHeaders(context: Context): TraceHeaders {
  const headers: TraceHeaders = {};
  propagator.inject(context, headers, defaultTextMapSetter);
  return headers;
}

/**
 * The context that the headers describe.
 *
 * @param origin whether they come from another process; within one the parent counts as local
 */
export function readHeaders(headers: TraceHeaders, origin: 'local' | 'remote' = 'local'): Context {
  const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const parent = trace.getSpanContext(context);
  // It was made a moment ago, for nobody else.
  if (parent !== undefined && origin === 'local') parent.isRemote = false;
  return context;
}
