import { TraceFlags } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { LeanSpan } from '../lean-span.js';

/** Whether a span is to be exported. A span of ours is asked without making its ids readable. */
export function isSampled(span: Pick<Span, 'spanContext'>): boolean {
  if (LeanSpan.is(span)) return span.identity.isSampled;
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}
