import { SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { handWrittenTracer } from '../stock-tracer.js';

/**
 * What is written around async work without a library, as OpenTelemetry's own documentation does it,
 * with the outcome that a group sets on every child.
 *
 * @see https://opentelemetry.io/docs/languages/js/instrumentation/#create-spans
 */
export function traceByHand<T>(
  name: string,
  attributes: Attributes | undefined,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const options = attributes === undefined ? {} : { attributes };
  return handWrittenTracer().startActiveSpan(name, options, async (span) => {
    try {
      const result = await work(span);
      span.setAttribute('async.task.outcome', 'ok');
      return result;
    } catch (error) {
      recordFailure(span, error as Error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span around many children, with the counts that a group sets. */
export function traceBatchByHand<T>(total: number, work: () => Promise<T>): Promise<T> {
  return traceByHand('batch', undefined, async (span) => {
    const results = await work();
    span.setAttributes({
      'async.group.tasks.total': total,
      'async.group.tasks.ok': total,
      'async.group.tasks.error': 0,
      'async.group.tasks.cancelled': 0,
      'async.group.tasks.not_started': 0,
    });
    return results;
  });
}

function recordFailure(span: Span, error: Error): void {
  span.recordException(error);
  span.setAttributes({ 'error.type': error.name, 'async.task.outcome': 'error' });
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}
