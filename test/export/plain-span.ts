import type { SpanContext } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** A span that has nothing but what every span has. */
export function plainSpan(context: SpanContext): Partial<ReadableSpan> {
  return {
    name: 'find',
    kind: 0,
    spanContext: () => context,
    startTime: [1, 2],
    endTime: [1, 3],
    status: { code: 0 },
    attributes: {},
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
