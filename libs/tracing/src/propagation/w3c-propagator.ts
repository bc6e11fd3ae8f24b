import { TraceFlags, propagation, trace } from '@opentelemetry/api';
import type {
  Context,
  SpanContext,
  TextMapGetter,
  TextMapPropagator,
  TextMapSetter,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { contextKey } from '../context-key.js';
import { CallerContext } from '../tracer/ids/caller-context.js';
import { withSpan } from '../tracer/context-with-span.js';
import { validSpanContext } from '../tracer/parent.js';
import { formatBaggage, parseBaggage } from './baggage-header.js';
import { RANDOM_FLAG, formatTraceParent, parseTraceParent } from './trace-parent.js';
import { W3cTraceState } from './trace-state.js';

/** Remembers the id of a trace that came with the random flag: the SDK keeps only the sampled flag. */
const RANDOM_TRACE = contextKey('random trace id');

/**
 * Carries trace context and baggage by W3C's rules: Trace Context level 2 taken strictly, Baggage
 * with its limits of 64 members and 8,192 bytes. Whatever the headers hold, it never throws.
 *
 * @see https://www.w3.org/TR/trace-context-2/
 * @see https://www.w3.org/TR/baggage/
 *
 * @example
 * ```ts
 * new NodeSDK({ textMapPropagator: new W3cPropagator() });
 * ```
 */
export class W3cPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (isTracingSuppressed(context)) return;
    const span = validSpanContext(context);
    if (span !== undefined) injectTrace(context, span, carrier, setter);
    const baggage = propagation.getBaggage(context);
    const header = baggage && formatBaggage(baggage);
    if (header !== undefined) setter.set(carrier, 'baggage', header);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header = joined(getter.get(carrier, 'baggage'));
    const baggage = header === undefined ? undefined : parseBaggage(header);
    const ctx = baggage === undefined ? context : propagation.setBaggage(context, baggage);
    return extractTrace(ctx, carrier, getter);
  }

  fields(): string[] {
    return ['traceparent', 'tracestate', 'baggage'];
  }
}

/** Whether the trace of a context came with the random flag. */
export function isRandomTrace(context: Context): boolean {
  return context.getValue(RANDOM_TRACE) !== undefined;
}

function injectTrace(
  context: Context,
  { traceId, spanId, traceFlags, traceState }: SpanContext,
  carrier: unknown,
  setter: TextMapSetter,
): void {
  const random = context.getValue(RANDOM_TRACE) === traceId ? RANDOM_FLAG : TraceFlags.NONE;
  const flags = (traceFlags & TraceFlags.SAMPLED) | random;
  setter.set(carrier, 'traceparent', formatTraceParent({ traceId, spanId, flags }));
  const state = traceState?.serialize() ?? '';
  if (state !== '') setter.set(carrier, 'tracestate', state);
}

/** Two `traceparent` headers are as good as none. */
function extractTrace(context: Context, carrier: unknown, getter: TextMapGetter): Context {
  const header = getter.get(carrier, 'traceparent');
  const [first] = Array.isArray(header) && header.length === 1 ? header : [header];
  const parent = typeof first === 'string' ? parseTraceParent(first) : undefined;
  if (parent === undefined) return context;
  const { traceId, spanId, flags } = parent;
  const list = joined(getter.get(carrier, 'tracestate'));
  const traceState = list === undefined ? undefined : W3cTraceState.parse(list);
  const span = new CallerContext(traceId, spanId, flags & TraceFlags.SAMPLED, traceState);
  const ctx = withSpan(context, trace.wrapSpanContext(span));
  return (flags & RANDOM_FLAG) === 0 ? ctx : ctx.setValue(RANDOM_TRACE, traceId);
}

function joined(header: string | string[] | undefined): string | undefined {
  if (Array.isArray(header)) return header.join(',');
  return typeof header === 'string' ? header : undefined;
}
