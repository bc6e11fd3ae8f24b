import type { Attributes } from '@opentelemetry/api';
import { ATTR_EXCEPTION_STACKTRACE } from '@opentelemetry/semantic-conventions';
import type { SpanContent } from '../safe-copy/span.js';
import { copySpan } from '../safe-copy/span.js';
import { cutAttributes, cutText } from './cut-value.js';
import { attributesSize, textSize } from './value-size.js';

/** Names what was cut of a span so that it could be exported. */
const ATTR_TRUNCATED = 'nestjs-tracing.truncated';

/** What the ids, times, flags and counts of a span or a part of it take at most, in bytes. */
const FIXED_BYTES = 192;

/** How many characters each text keeps, from round to round. */
const ROUNDS = [8192, 2048, 512, 128] as const;

/** One way to make a span shorter. */
interface Cut {
  /** As {@link ATTR_TRUNCATED} tells it. */
  readonly part: string;
  readonly cut: (span: SpanContent, length: number) => SpanContent;
}

/** What is cut, what is least missed first. */
const CUTS: readonly Cut[] = [
  { part: ATTR_EXCEPTION_STACKTRACE, cut: cutStacks },
  { part: 'events', cut: cutEvents },
  { part: 'links', cut: cutLinks },
  { part: 'attributes', cut: cutSpanAttributes },
  { part: 'status', cut: cutStatus },
  { part: 'name', cut: cutName },
];

/** What is left out when texts are as short as they get: the later half, again and again, then all. */
const HALVES: readonly Cut[] = [
  { part: 'events', cut: halveEvents },
  { part: 'links', cut: halveLinks },
  { part: 'attributes', cut: halveAttributes },
];

/**
 * Shortens a span that is too large to be exported, rather than losing it: a failing one is the
 * largest of all. First stack traces are cut, then what else events hold, links, attributes, the
 * status message and the name, all of them again shorter until the span fits; at last events,
 * links and attributes are left out, the later ones first, and counted as dropped. What was cut is
 * named in the attribute `nestjs-tracing.truncated`.
 *
 * @param maxBytes that its encoding may have
 * @returns a copy, which may still be too large if nothing is left to cut
 */
export function fitSpan(span: SpanContent, maxBytes: number): SpanContent {
  try {
    return fit(plainView(span), maxBytes);
  } catch {
    return fit(copySpan(span), maxBytes); // it can be read only with care
  }
}

function fit(span: SpanContent, maxBytes: number): SpanContent {
  const parts = new Set<string>();
  const limit = maxBytes - FIXED_BYTES;
  let fitted = span;
  let size = sizeOf(span);
  for (const { part, cut, length } of steps()) {
    if (size <= limit) break;
    const shorter = cut(fitted, length);
    if (shorter === fitted) continue;
    const left = sizeOf(shorter);
    if (left < size) parts.add(part);
    fitted = shorter;
    size = left;
  }
  return { ...fitted, attributes: { ...fitted.attributes, [ATTR_TRUNCATED]: [...parts] } };
}

/** The fields themselves: those of a class are getters, which a spread leaves out. */
function plainView(span: SpanContent): SpanContent {
  const { name, kind, startTime, endTime, status, attributes, events, links } = span;
  const context = span.spanContext();
  return {
    name,
    kind,
    spanContext: () => context,
    ...(span.parentSpanContext && { parentSpanContext: span.parentSpanContext }),
    startTime,
    endTime,
    status,
    attributes,
    events,
    links,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}

function* steps(): Generator<Cut & { readonly length: number }> {
  for (const length of ROUNDS) for (const each of CUTS) yield { ...each, length };
  for (let round = 0; round < 16; round += 1)
    for (const each of HALVES) yield { ...each, length: 1 };
  for (const each of HALVES) yield { ...each, length: 0 };
}

function sizeOf({ name, status, attributes, events, links }: SpanContent): number {
  let size = FIXED_BYTES + textSize(name) + textSize(status.message ?? '');
  size += attributesSize(attributes);
  for (const event of events) {
    size += FIXED_BYTES + textSize(event.name) + attributesSize(event.attributes ?? {});
  }
  for (const { attributes: ofLink = {}, context } of links) {
    size += FIXED_BYTES + attributesSize(ofLink) + textSize(context.traceState?.serialize() ?? '');
  }
  return size;
}

function cutStacks(span: SpanContent, length: number): SpanContent {
  const cutStack = (attributes: Attributes): Attributes => {
    const stack = attributes[ATTR_EXCEPTION_STACKTRACE];
    if (typeof stack !== 'string') return attributes;
    return { ...attributes, [ATTR_EXCEPTION_STACKTRACE]: cutText(stack, length) };
  };
  return withParts(span, 'events', cutStack);
}

function cutEvents(span: SpanContent, length: number): SpanContent {
  if (span.events.length === 0) return span;
  const cut = withParts(span, 'events', (attributes) => cutAttributes(attributes, length));
  return {
    ...cut,
    events: cut.events.map((event) => ({ ...event, name: cutText(event.name, length) })),
  };
}

function cutLinks(span: SpanContent, length: number): SpanContent {
  return withParts(span, 'links', (attributes) => cutAttributes(attributes, length));
}

function cutSpanAttributes(span: SpanContent, length: number): SpanContent {
  return { ...span, attributes: cutAttributes(span.attributes, length) };
}

function cutStatus(span: SpanContent, length: number): SpanContent {
  const { code, message } = span.status;
  return message === undefined || message.length <= length
    ? span
    : { ...span, status: { code, message: cutText(message, length) } };
}

function cutName(span: SpanContent, length: number): SpanContent {
  return span.name.length <= length ? span : { ...span, name: cutText(span.name, length) };
}

function halveEvents(span: SpanContent, least: number): SpanContent {
  const events = firstHalf(span.events, least);
  const dropped = span.events.length - events.length;
  return { ...span, events, droppedEventsCount: span.droppedEventsCount + dropped };
}

function halveLinks(span: SpanContent, least: number): SpanContent {
  const links = firstHalf(span.links, least);
  const dropped = span.links.length - links.length;
  return { ...span, links, droppedLinksCount: span.droppedLinksCount + dropped };
}

function halveAttributes(span: SpanContent, least: number): SpanContent {
  const all = Object.entries(span.attributes);
  const kept = firstHalf(all, least);
  const dropped = span.droppedAttributesCount + all.length - kept.length;
  return { ...span, attributes: Object.fromEntries(kept), droppedAttributesCount: dropped };
}

/** @param least 1 to keep at least one, 0 to keep none: one alone may be too large, by its keys */
function firstHalf<T>(all: readonly T[], least: number): T[] {
  return all.slice(0, least * Math.ceil(all.length / 2));
}

function withParts(
  span: SpanContent,
  key: 'events' | 'links',
  change: (attributes: Attributes) => Attributes,
): SpanContent {
  if (span[key].length === 0) return span;
  const parts = span[key].map((part) =>
    part.attributes === undefined ? part : { ...part, attributes: change(part.attributes) },
  );
  return { ...span, [key]: parts };
}
