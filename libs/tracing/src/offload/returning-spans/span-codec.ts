import type { Attributes, HrTime, Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';

/**
 * A finished span in a form that crosses threads and processes. A tuple costs a third of an object.
 *
 * @example
 * ```ts
 * const [name] = encoded; // the name of the span; the rest is for whoever brought it here
 * ```
 */
export type EncodedSpan = readonly [
  name: string,
  kind: number,
  traceId: string,
  spanId: string,
  parentSpanId: string,
  traceFlags: number,
  traceState: string,
  startSeconds: number,
  startNanos: number,
  endSeconds: number,
  endNanos: number,
  attributes: Attributes,
  statusCode: number,
  statusMessage: string,
  scopeName: string,
  scopeVersion: string,
  extras: SpanExtras | undefined,
];

/** Holds what most spans have none of. */
interface SpanExtras {
  readonly events: readonly EncodedEvent[];
  readonly links: readonly EncodedLink[];
  readonly dropped: readonly [attributes: number, events: number, links: number];
}

type EncodedEvent = readonly [TimedEvent['name'], HrTime, Attributes | undefined, number];
type EncodedLink = readonly [EncodedContext, Attributes | undefined, number];
type EncodedContext = readonly [traceId: string, spanId: string, flags: number, state: string];

/** Tells what a span says, decoded. */
export type SpanData = Pick<
  ReadableSpan,
  | 'name'
  | 'kind'
  | 'startTime'
  | 'endTime'
  | 'attributes'
  | 'events'
  | 'links'
  | 'droppedAttributesCount'
  | 'droppedEventsCount'
  | 'droppedLinksCount'
  | 'instrumentationScope'
> & { readonly context: SpanContext; readonly parentSpanId: string; status: SpanStatus };

/** Encodes a finished span with its limits' drop counts; the resource stays behind. */
export function encodeSpan(span: ReadableSpan): EncodedSpan {
  const { startTime, endTime, status, instrumentationScope: scope } = span;
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  return [
    span.name,
    span.kind,
    traceId,
    spanId,
    span.parentSpanContext?.spanId ?? '',
    traceFlags,
    traceState?.serialize() ?? '',
    startTime[0],
    startTime[1],
    endTime[0],
    endTime[1],
    span.attributes,
    status.code,
    status.message ?? '',
    scope.name,
    scope.version ?? '',
    encodeExtras(span),
  ];
}

/** Decodes a span. */
export function decodeSpan(encoded: EncodedSpan): SpanData {
  const [name, kind, traceId, spanId, parentSpanId, flags, state] = encoded;
  const [, , , , , , , startSeconds, startNanos, endSeconds, endNanos, attributes] = encoded;
  const [, , , , , , , , , , , , code, message, scope, version, extras] = encoded;
  return {
    name,
    kind,
    context: decodeContext([traceId, spanId, flags, state]),
    parentSpanId,
    startTime: [startSeconds, startNanos],
    endTime: [endSeconds, endNanos],
    attributes,
    status: message === '' ? { code } : { code, message },
    events: extras?.events.map(decodeEvent) ?? [],
    links: extras?.links.map(decodeLink) ?? [],
    droppedAttributesCount: extras?.dropped[0] ?? 0,
    droppedEventsCount: extras?.dropped[1] ?? 0,
    droppedLinksCount: extras?.dropped[2] ?? 0,
    instrumentationScope: version === '' ? { name: scope } : { name: scope, version },
  };
}

function encodeExtras(span: ReadableSpan): SpanExtras | undefined {
  const { events, links } = span;
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
  const dropped = droppedAttributesCount + droppedEventsCount + droppedLinksCount;
  if (events.length === 0 && links.length === 0 && dropped === 0) return undefined;
  return {
    events: events.map(encodeEvent),
    links: links.map(encodeLink),
    dropped: [droppedAttributesCount, droppedEventsCount, droppedLinksCount],
  };
}

function encodeEvent({ name, time, attributes, droppedAttributesCount }: TimedEvent): EncodedEvent {
  return [name, time, attributes, droppedAttributesCount ?? 0];
}

function decodeEvent([name, time, attributes, dropped]: EncodedEvent): TimedEvent {
  return { name, time, attributes: attributes ?? {}, droppedAttributesCount: dropped };
}

function encodeLink({ context, attributes, droppedAttributesCount }: Link): EncodedLink {
  const { traceId, spanId, traceFlags, traceState } = context;
  const state = traceState?.serialize() ?? '';
  return [[traceId, spanId, traceFlags, state], attributes, droppedAttributesCount ?? 0];
}

function decodeLink([context, attributes, dropped]: EncodedLink): Link {
  return {
    context: decodeContext(context),
    attributes: attributes ?? {},
    droppedAttributesCount: dropped,
  };
}

function decodeContext([traceId, spanId, traceFlags, state]: EncodedContext): SpanContext {
  const context: SpanContext = { traceId, spanId, traceFlags };
  if (state !== '') context.traceState = new TraceState(state);
  return context;
}
