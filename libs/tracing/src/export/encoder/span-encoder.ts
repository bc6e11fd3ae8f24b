import type { Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { writeAttributes } from './any-value.js';
import { FieldCache } from './field-cache.js';
import { writeHrTime } from './hr-time.js';
import { IdMemo } from './id-memo.js';
import { ProtobufWriter } from './protobuf-writer.js';
import type { SpanContent } from './salvage-span.js';
import { salvageSpan } from './salvage-span.js';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** Bits of a span's flags beside the W3C ones: `is_remote` is known, and it is set. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/**
 * Turns finished spans into the bytes of `opentelemetry.proto.trace.v1.Span`, one at a time, so that
 * no batch is ever serialised at once.
 *
 * @example
 * const bytes = encoder.encode(span);
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 * @internal
 */
export class SpanEncoder {
  readonly #traceId = new IdMemo(TRACE_ID_BYTES + 2);
  readonly #parentId = new IdMemo(SPAN_ID_BYTES + 2);
  readonly #names = new FieldCache(0x2a);
  readonly #writer: ProtobufWriter;

  /** @param writer - where the spans are written to */
  constructor(writer = new ProtobufWriter()) {
    this.#writer = writer;
  }

  /**
   * The bytes of one span, as {@link write} writes them. They are a view of memory that spans share and that is never written to
   * again: keep it, copy it, but do not transfer or post its `buffer`, which holds the neighbours.
   */
  encode(span: ReadableSpan): Uint8Array<ArrayBuffer> {
    this.write(span);
    return this.#writer.finish();
  }

  /**
   * Writes one span; the writer's `finish` or `commit` ends it.
   *
   * A span that cannot be written as it is (a getter that throws, a cycle, values nested more than 30
   * deep or too many of them, more than 8 MiB) is written as far as it can be read: text stands in
   * for what is too deep, long texts are cut, and an attribute, event or link that cannot be read is
   * dropped and counted as dropped. Only an exhausted stack or memory throws.
   *
   * @param room - bytes to leave free before it
   */
  write(span: ReadableSpan, room = 0): void {
    try {
      this.#write(span, room);
    } catch {
      this.#write(salvageSpan(span), room);
    }
  }

  #write(span: SpanContent, room: number): void {
    const writer = this.#writer;
    writer.begin(room);
    this.#writeIdentity(span);
    const name = this.#names.get(span.name);
    if (name === undefined) writer.text(0x2a, span.name);
    else writer.cached(name);
    if (span.kind != null) writer.uint32(0x30, span.kind + 1);
    writeHrTime(writer, 0x39, span.startTime);
    writeHrTime(writer, 0x41, span.endTime);
    if (span.attributes) writeAttributes(writer, 0x4a, span.attributes);
    writeCount(writer, 0x50, span.droppedAttributesCount);
    for (const event of span.events) writeEvent(writer, event);
    writeCount(writer, 0x60, span.droppedEventsCount);
    for (const link of span.links) writeLink(writer, link);
    writeCount(writer, 0x70, span.droppedLinksCount);
    writeStatus(writer, span.status);
  }

  #writeIdentity(span: SpanContent): void {
    const writer = this.#writer;
    const context = span.spanContext();
    const parent = span.parentSpanContext;
    writer.repeatedHex(0x0a, context.traceId, TRACE_ID_BYTES, this.#traceId);
    writeSpanId(writer, context);
    if (parent?.spanId) writer.repeatedHex(0x22, parent.spanId, SPAN_ID_BYTES, this.#parentId);
    writer.tagByte(0x85);
    writer.fixed32(0x01, flagsOf(context, parent));
  }
}

/** Spans and links have these in the same fields. */
function writeSpanId(writer: ProtobufWriter, context: SpanContext): void {
  writer.hex(0x12, context.spanId, SPAN_ID_BYTES);
  const traceState = context.traceState?.serialize();
  if (traceState) writer.text(0x1a, traceState);
}

function writeEvent(writer: ProtobufWriter, event: TimedEvent): void {
  const content = writer.open(0x5a, 0);
  writeHrTime(writer, 0x09, event.time);
  writer.text(0x12, event.name);
  if (event.attributes) writeAttributes(writer, 0x1a, event.attributes);
  writeCount(writer, 0x20, event.droppedAttributesCount);
  writer.close(content, 0);
}

function writeLink(writer: ProtobufWriter, link: Link): void {
  const content = writer.open(0x6a, 0);
  writer.hex(0x0a, link.context.traceId, TRACE_ID_BYTES);
  writeSpanId(writer, link.context);
  if (link.attributes) writeAttributes(writer, 0x22, link.attributes);
  writeCount(writer, 0x28, link.droppedAttributesCount);
  writer.fixed32(0x35, flagsOf(link.context, link.context));
  writer.close(content, 0);
}

function writeStatus(writer: ProtobufWriter, status: SpanStatus): void {
  const content = writer.open(0x7a, 0);
  if (status.message) writer.text(0x12, status.message);
  writeCount(writer, 0x18, status.code);
  writer.close(content, 0);
}

/** Zero is what a field has that is not written. */
function writeCount(writer: ProtobufWriter, tag: number, count: number | undefined): void {
  if (count) writer.uint32(tag, count);
}

function flagsOf({ traceFlags }: SpanContext, remote: SpanContext | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (remote?.isRemote ? IS_REMOTE : 0);
}
