import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Variant } from '../measure.js';
import type { Kind } from './spans.js';
import { KINDS, finishedSpans, recordBatch, tracerTo } from './spans.js';

/** What is done with a batch: three ways to encode it, and recording it without and with ours. */
export const WAYS = ['encoder', 'stock', 'json', 'recorded', 'recordedAndEncoded'] as const;
export type Way = (typeof WAYS)[number];

interface Encoder {
  encode(span: ReadableSpan): Uint8Array;
}

/** The library's build beside this one: the encoder is no public export. */
const { SpanEncoder } = (await import(
  new URL('../../tracing/export/encoder/span-encoder.js', import.meta.url).href
)) as { SpanEncoder: new () => Encoder };

/** The samples' key of a variant. */
export function variantName(way: Way, kind: Kind): `${Way} ${Kind}` {
  return `${way} ${kind}`;
}

/** What is timed, a batch a call. */
export function variants(): Variant[] {
  return KINDS.flatMap((kind) => {
    const calls = callsFor(kind);
    return WAYS.map((way) => ({ name: variantName(way, kind), call: calls[way] }));
  });
}

function callsFor(kind: Kind): Record<Way, () => number> {
  const spans = finishedSpans(kind);
  const encoder = new SpanEncoder();
  let size = 0;
  const bare = tracerTo((span) => (size += span.events.length));
  const encoding = tracerTo((span) => (size += encoder.encode(span).length));
  return {
    encoder: () => spans.reduce((sum, span) => sum + encoder.encode(span).length, 0),
    stock: () => ProtobufTraceSerializer.serializeRequest(spans)?.length ?? 0,
    json: () => spans.reduce((sum, span) => sum + JSON.stringify(projectionOf(span)).length, 0),
    recorded: () => (recordBatch(bare, kind), size),
    recordedAndEncoded: () => (recordBatch(encoding, kind), size),
  };
}

/** What a span has to hand over as a plain object. */
function projectionOf(span: ReadableSpan): object {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  return {
    traceId,
    spanId,
    traceFlags,
    traceState: traceState?.serialize(),
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: span.kind,
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes: span.attributes,
    events: span.events,
    links: span.links,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}
