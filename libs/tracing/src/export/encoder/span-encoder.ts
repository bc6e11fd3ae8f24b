import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { LeanSpan } from '../../tracer/lean-span.js';
import { writeAttributes } from './any-value.js';
import { writeHrTime } from './hr-time.js';
import { IdMemo } from './id-memo.js';
import { LeanEncoder } from './lean-encoder.js';
import { ProtobufWriter } from './protobuf-writer.js';
import type { SpanContent } from './safe-copy/span.js';
import { copySpan } from './safe-copy/span.js';
import {
  SPAN_ID_BYTES,
  TRACE_ID_BYTES,
  flagsOf,
  writeCount,
  writeEvents,
  writeLinks,
  writeSpanId,
  writeStatus,
} from './span-parts.js';

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
  readonly #writer: ProtobufWriter;
  readonly #lean: LeanEncoder;

  /** @param writer - where the spans are written to */
  constructor(writer = new ProtobufWriter()) {
    this.#writer = writer;
    this.#lean = new LeanEncoder(writer);
  }

  /**
   * Returns the bytes of one span, as {@link write} writes them. They are a view of memory that spans
   * share and that is never written to again: keep it, copy it, but do not transfer or post its
   * `buffer`, which holds the neighbours.
   */
  encode(span: ReadableSpan): Uint8Array {
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
  write(span: SpanContent, room = 0): void {
    try {
      if (LeanSpan.is(span)) this.#lean.write(span, room);
      else this.#write(span, room);
    } catch {
      this.#write(copySpan(span), room);
    }
  }

  #write(span: SpanContent, room: number): void {
    const writer = this.#writer;
    writer.begin(room);
    this.#writeIdentity(span);
    writer.name(0x2a, span.name);
    if (span.kind != null) writer.uint32(0x30, span.kind + 1);
    writeHrTime(writer, 0x39, span.startTime);
    writeHrTime(writer, 0x41, span.endTime);
    if (span.attributes) writeAttributes(writer, 0x4a, span.attributes);
    writeCount(writer, 0x50, span.droppedAttributesCount);
    writeEvents(writer, span.events);
    writeCount(writer, 0x60, span.droppedEventsCount);
    writeLinks(writer, span.links);
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
