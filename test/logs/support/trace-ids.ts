import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { TraceFields } from '../../../libs/tracing/src/logs/trace-fields.js';
import type { LogLine } from './log-app.js';

export const ZEROS: TraceFields = {
  trace_id: '0'.repeat(32),
  span_id: '0'.repeat(16),
  trace_flags: '00',
};

/** The fields that a record of this span must carry. */
export function idsOf(span: ReadableSpan): TraceFields {
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId, trace_flags: '01' };
}

/** How often each of the fields stands in the line as it was written. */
export function occurrences({ raw }: LogLine): number[] {
  return Object.keys(ZEROS).map((field) => raw.split(`"${field}":`).length - 1);
}
