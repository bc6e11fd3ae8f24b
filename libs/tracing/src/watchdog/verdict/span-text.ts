import { isSpanContextValid } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';

/** Names a span by what a reader searches for. Empty if there is none. */
export function spanText(span: Span | undefined): string {
  const ids = span?.spanContext();
  if (ids === undefined || !isSpanContextValid(ids)) return '';
  const { name } = span as { name?: unknown };
  const quoted = typeof name === 'string' ? ` "${name}"` : '';
  return `, in span${quoted} (trace ${ids.traceId}, span ${ids.spanId})`;
}
