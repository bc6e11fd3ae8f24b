import type { Span } from '@opentelemetry/api';
import { LeanSpan } from '../lean-span.js';

/** The time that goes by, by the clock of a span's trace: what `performance.now()` told when that began. */
export function nowOf(span: Span | undefined): number {
  return span !== undefined && LeanSpan.is(span)
    ? span.identity.trace.clock.now()
    : performance.now();
}
