import http from 'node:http';
import https from 'node:https';
import { SpanKind, propagation, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';

/** The headers of a request that is about to go out. */
type ReadHeader = (name: string) => string | undefined;

/** The trace context that a request carries, and whether the application cannot have written it. */
export interface CarriedTrace {
  readonly headers: string;
  readonly isTracers: boolean;
}

/** Returns what a request carries in the propagator's headers, as one text; nothing is ''. */
export function traceHeaders(read: ReadHeader): string {
  const names = new Set(['traceparent', ...propagation.fields()]);
  const values = [...names].map((name) => (isTraceField(name) ? read(name) : undefined));
  return values.filter((value) => value !== undefined).join(' ');
}

/** Whether a header names a span. */
export function isTraceField(name: string): boolean {
  return name !== 'baggage' && name !== 'tracestate';
}

/**
 * Whether another tracer has opened a CLIENT span for a request, by what it leaves: a span that is
 * active, or the trace context of one. Nobody is taken for a tracer because he listens or wraps.
 */
export function hasForeignSpan({ headers, isTracers }: CarriedTrace): boolean {
  const active = trace.getActiveSpan();
  const namesActive = active !== undefined && headers.includes(active.spanContext().spanId);
  if (isClientSpan(active) && (namesActive || isHttpInstrumentations(active))) return true;
  return isTracers && headers !== '' && !namesActive;
}

/** Whether requests pass a wrapper that may write headers. Node's own functions make a `ClientRequest`. */
export function isNodeClientWrapped(): boolean {
  return [http.request, https.request].some(
    (request) => !Function.prototype.toString.call(request).includes('ClientRequest'),
  );
}

function isClientSpan(span: Span | undefined): span is Span {
  return (span as { kind?: SpanKind } | undefined)?.kind === SpanKind.CLIENT;
}

function isHttpInstrumentations(span: Span): boolean {
  const { name = '' } =
    (span as { instrumentationScope?: { name?: string } }).instrumentationScope ?? {};
  return /instrumentation-(?:http|undici)/.test(name);
}
