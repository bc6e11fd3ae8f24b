import type { Link } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import type { Kept } from './attributes.js';
import { AttributeCopy } from './attributes.js';
import { attempt, copyContext, copyNumber, copyStatus, copyText, copyTime } from './scalar.js';

/** What of a finished span is in its own message. */
export type SpanContent = Omit<
  ReadableSpan,
  'duration' | 'ended' | 'resource' | 'instrumentationScope'
>;

/** What an event or a link counts for beside its attributes. */
const PART_SIZE = 512;

/** A plain copy of what can be read of a span. What cannot is dropped, and counted as dropped. */
export function copySpan(span: SpanContent): SpanContent {
  const copies = new AttributeCopy();
  const attributes = copies.copy(() => span.attributes);
  const events = copyParts(copies, () => span.events, copyEvent);
  const links = copyParts(copies, () => span.links, copyLink);
  return {
    ...copyHead(span),
    attributes: attributes.kept,
    events: events.kept,
    links: links.kept,
    droppedAttributesCount: attributes.dropped + copyNumber(() => span.droppedAttributesCount),
    droppedEventsCount: events.dropped + copyNumber(() => span.droppedEventsCount),
    droppedLinksCount: links.dropped + copyNumber(() => span.droppedLinksCount),
  };
}

function copyHead(span: SpanContent) {
  const context = copyContext(() => span.spanContext());
  const parent = attempt(() => span.parentSpanContext, undefined);
  return {
    name: copyText(() => span.name),
    kind: copyNumber(() => span.kind),
    spanContext: () => context,
    ...(parent ? { parentSpanContext: copyContext(() => parent) } : {}),
    startTime: copyTime(() => span.startTime),
    endTime: copyTime(() => span.endTime),
    status: copyStatus(() => span.status),
  };
}

function copyParts<T extends object>(
  copies: AttributeCopy,
  read: () => readonly T[],
  copyPart: (part: T, copies: AttributeCopy) => T,
): Kept<T[]> {
  const parts = attempt(() => read().slice(), undefined);
  if (parts === undefined) return { kept: [], dropped: 1 };
  const kept: T[] = [];
  for (const part of parts) {
    if (!copies.spend(PART_SIZE)) break;
    if (typeof part === 'object' && part !== null) kept.push(copyPart(part, copies));
  }
  return { kept, dropped: parts.length - kept.length };
}

function copyEvent(event: TimedEvent, copies: AttributeCopy): TimedEvent {
  const { kept, dropped } = copies.copy(() => event.attributes);
  return {
    time: copyTime(() => event.time),
    name: copyText(() => event.name),
    attributes: kept,
    droppedAttributesCount: dropped + copyNumber(() => event.droppedAttributesCount),
  };
}

function copyLink(link: Link, copies: AttributeCopy): Link {
  const { kept, dropped } = copies.copy(() => link.attributes);
  return {
    context: copyContext(() => link.context),
    attributes: kept,
    droppedAttributesCount: dropped + copyNumber(() => link.droppedAttributesCount),
  };
}
