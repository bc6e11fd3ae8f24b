import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { InspectOptionsStylized, inspect as Inspect } from 'node:util';

/** What `util.inspect` calls an object's own representation by. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Shows an object as `Name { … }` with what it says of itself, or `[Name]` where it lies too deep. */
export function inspectAs(
  name: string,
  payload: object,
  depth: number,
  options: InspectOptionsStylized,
  inspect: typeof Inspect,
): string {
  if (depth < 0) return options.stylize(`[${name}]`, 'special');
  const inner =
    options.depth === null || options.depth === undefined ? options.depth : options.depth - 1;
  return `${name} ${inspect(payload, { ...options, depth: inner })}`;
}

/** Those attributes of a resource that are known: asking for the others would be logged. */
export function settledAttributes(resource: Resource): Attributes {
  const settled: Attributes = {};
  for (const [key, value] of resource.getRawAttributes()) {
    const isPending = typeof (value as { then?: unknown } | undefined)?.then === 'function';
    if (!isPending && value !== null && value !== undefined) settled[key] ??= value as never;
  }
  return settled;
}

/** What a span says of itself, as the SDK's says it. */
export function describeSpan(span: ReadableSpan): object {
  const { name, kind, parentSpanContext, status, startTime, endTime, duration, ended } = span;
  const { attributes, events, links, instrumentationScope } = span;
  return {
    name,
    kind,
    spanContext: span.spanContext(),
    parentSpanContext,
    status,
    startTime,
    endTime,
    duration,
    ended,
    attributes,
    events,
    links,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
    instrumentationScope,
    resource: { attributes: settledAttributes(span.resource) },
  };
}
