import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { handWrittenTracer } from '../stock-tracer.js';

/**
 * A call inside a CLIENT span as one writes it by hand, with attributes that are known beforehand: what
 * a span costs that tells as much as ours and finds out nothing.
 */
export function byHand(
  name: string,
  attributes: Attributes,
  call: () => Promise<unknown>,
): () => Promise<unknown> {
  const tracer = handWrittenTracer();
  return () =>
    tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        return await call();
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}
