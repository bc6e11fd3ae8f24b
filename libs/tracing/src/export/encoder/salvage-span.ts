import type { Link } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import type { Kept } from './salvage-attributes.js';
import { AttributeSalvage } from './salvage-attributes.js';
import {
  attempt,
  salvageContext,
  salvageNumber,
  salvageStatus,
  salvageText,
  salvageTime,
} from './salvage-scalar.js';

/** What of a finished span is in its own message. */
export type SpanContent = Omit<
  ReadableSpan,
  'duration' | 'ended' | 'resource' | 'instrumentationScope'
>;

/** What an event or a link counts for beside its attributes. */
const PART_SIZE = 512;

/** A plain copy of what can be read of a span. What cannot is dropped, and counted as dropped. */
export function salvageSpan(span: SpanContent): SpanContent {
  const salvage = new AttributeSalvage();
  const attributes = salvage.copy(() => span.attributes);
  const events = salvageParts(salvage, () => span.events, salvageEvent);
  const links = salvageParts(salvage, () => span.links, salvageLink);
  return {
    ...salvageHead(span),
    attributes: attributes.kept,
    events: events.kept,
    links: links.kept,
    droppedAttributesCount: attributes.dropped + salvageNumber(() => span.droppedAttributesCount),
    droppedEventsCount: events.dropped + salvageNumber(() => span.droppedEventsCount),
    droppedLinksCount: links.dropped + salvageNumber(() => span.droppedLinksCount),
  };
}

function salvageHead(span: SpanContent) {
  const context = salvageContext(() => span.spanContext());
  const parent = attempt(() => span.parentSpanContext, undefined);
  return {
    name: salvageText(() => span.name),
    kind: salvageNumber(() => span.kind),
    spanContext: () => context,
    ...(parent ? { parentSpanContext: salvageContext(() => parent) } : {}),
    startTime: salvageTime(() => span.startTime),
    endTime: salvageTime(() => span.endTime),
    status: salvageStatus(() => span.status),
  };
}

function salvageParts<T extends object>(
  salvage: AttributeSalvage,
  read: () => readonly T[],
  copy: (part: T, salvage: AttributeSalvage) => T,
): Kept<T[]> {
  const parts = attempt(() => read().slice(), undefined);
  if (parts === undefined) return { kept: [], dropped: 1 };
  const kept: T[] = [];
  for (const part of parts) {
    if (!salvage.spend(PART_SIZE)) break;
    if (typeof part === 'object' && part !== null) kept.push(copy(part, salvage));
  }
  return { kept, dropped: parts.length - kept.length };
}

function salvageEvent(event: TimedEvent, salvage: AttributeSalvage): TimedEvent {
  const { kept, dropped } = salvage.copy(() => event.attributes);
  return {
    time: salvageTime(() => event.time),
    name: salvageText(() => event.name),
    attributes: kept,
    droppedAttributesCount: dropped + salvageNumber(() => event.droppedAttributesCount),
  };
}

function salvageLink(link: Link, salvage: AttributeSalvage): Link {
  const { kept, dropped } = salvage.copy(() => link.attributes);
  return {
    context: salvageContext(() => link.context),
    attributes: kept,
    droppedAttributesCount: dropped + salvageNumber(() => link.droppedAttributesCount),
  };
}
