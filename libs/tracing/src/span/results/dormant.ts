import type { Span } from '@opentelemetry/api';
import { processSlot } from '../../process-slot.js';

/**
 * Spans whose end lies with a consumer that may never come: of a thenable nobody has awaited, of an
 * Observable nobody has subscribed to. They are not leaks.
 */
const dormantSpans = processSlot('dormant spans', () => new WeakSet<Span>());

/** Marks a span as waiting for its consumer. */
export function markDormant(span: Span): void {
  dormantSpans.current.add(span);
}

/** Marks a span as in use: its consumer has come. */
export function unmarkDormant(span: Span): void {
  dormantSpans.current.delete(span);
}

/** Whether a span waits for its consumer. */
export function isDormant(span: Span): boolean {
  return dormantSpans.current.has(span);
}
