import type { Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { TimedEvent } from '@opentelemetry/sdk-trace';
import { writeAttributes } from './any-value.js';
import { writeHrTime } from './hr-time.js';
import type { ProtobufWriter } from './protobuf-writer.js';

export const TRACE_ID_BYTES = 16;
export const SPAN_ID_BYTES = 8;

/** Bits of a span's flags beside the W3C ones: `is_remote` is known, and it is set. */
export const HAS_IS_REMOTE = 0x100;
export const IS_REMOTE = 0x200;

/** Spans and links have these in the same fields. */
export function writeSpanId(writer: ProtobufWriter, context: SpanContext): void {
  writer.hex(0x12, context.spanId, SPAN_ID_BYTES);
  const traceState = context.traceState?.serialize();
  if (traceState) writer.text(0x1a, traceState);
}

export function writeEvents(writer: ProtobufWriter, events: readonly TimedEvent[]): void {
  for (const event of events) {
    const content = writer.open(0x5a, 0);
    writeHrTime(writer, 0x09, event.time);
    writer.text(0x12, event.name);
    if (event.attributes) writeAttributes(writer, 0x1a, event.attributes);
    writeCount(writer, 0x20, event.droppedAttributesCount);
    writer.close(content, 0);
  }
}

export function writeLinks(writer: ProtobufWriter, links: readonly Link[]): void {
  for (const { context, attributes, droppedAttributesCount } of links) {
    const content = writer.open(0x6a, 0);
    writer.hex(0x0a, context.traceId, TRACE_ID_BYTES);
    writeSpanId(writer, context);
    if (attributes) writeAttributes(writer, 0x22, attributes);
    writeCount(writer, 0x28, droppedAttributesCount);
    writer.fixed32(0x35, flagsOf(context, context));
    writer.close(content, 0);
  }
}

export function writeStatus(writer: ProtobufWriter, status: SpanStatus): void {
  const content = writer.open(0x7a, 0);
  if (status.message) writer.text(0x12, status.message);
  writeCount(writer, 0x18, status.code);
  writer.close(content, 0);
}

/** Zero is what a field has that is not written. */
export function writeCount(writer: ProtobufWriter, tag: number, count: number | undefined): void {
  if (count) writer.uint32(tag, count);
}

export function flagsOf({ traceFlags }: SpanContext, remote: SpanContext | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (remote?.isRemote ? IS_REMOTE : 0);
}
