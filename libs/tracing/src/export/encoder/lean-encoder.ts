import type { SpanContext } from '@opentelemetry/api';
import { SpanIdentity } from '../../tracer/ids/span-identity.js';
import type { Prepared } from '../../tracer/attributes/prepared-attributes.js';
import type { LeanSpan } from '../../tracer/lean-span.js';
import { writeAttributes, writePairs } from './any-value.js';
import { writeHrTime } from './hr-time.js';
import { IdMemo } from './id-memo.js';
import type { ProtobufWriter } from './protobuf-writer.js';
import {
  HAS_IS_REMOTE,
  IS_REMOTE,
  SPAN_ID_BYTES,
  TRACE_ID_BYTES,
  writeCount,
  writeEvents,
  writeLinks,
  writeStatus,
} from './span-parts.js';

/** The most that a span's own id, its trace's and its parent's, its flags and one of its times take. */
const IDS_BYTES = 44;
const TIME_BYTES = 9;

/**
 * Writes spans of our own from what they are made of: no id is made readable and no time taken apart
 * for it, and nothing is allocated.
 */
export class LeanEncoder {
  readonly #writer: ProtobufWriter;
  readonly #parentId = new IdMemo(SPAN_ID_BYTES + 2);

  constructor(writer: ProtobufWriter) {
    this.#writer = writer;
  }

  /** Writes one span; the writer's `finish` or `commit` ends it. */
  write(span: LeanSpan, room: number): void {
    const writer = this.#writer;
    writer.begin(room);
    this.#writeIds(span.identity, span.parent);
    this.#writeTimes(span);
    writer.name(0x2a, span.name);
    writer.uint32(0x30, span.kind + 1);
    const { first, later, dropped } = span.attributeList;
    if (first === undefined) writeAttributes(writer, 0x4a, span.attributes);
    else this.#writeFirst(first);
    if (later !== undefined) writePairs(writer, 0x4a, later);
    if (dropped > 0) writer.uint32(0x50, dropped);
    if (span.hasParts) this.#writeParts(span);
    else writer.empty(0x7a);
  }

  /** Spans of one method or statement start with the same, which is written once and copied then. */
  #writeFirst(first: Prepared): void {
    const writer = this.#writer;
    if (first.written) return writer.written(first.written);
    const from = writer.length;
    writePairs(writer, 0x4a, first.pairs);
    if (first.written === undefined) first.written = writer.keep(from);
  }

  #writeParts(span: LeanSpan): void {
    const writer = this.#writer;
    const { ownEvents, ownLinks, ownStatus } = span;
    if (ownEvents !== undefined) writeEvents(writer, ownEvents);
    writeCount(writer, 0x60, span.droppedEventsCount);
    if (ownLinks !== undefined) writeLinks(writer, ownLinks);
    writeCount(writer, 0x70, span.droppedLinksCount);
    if (ownStatus !== undefined) writeStatus(writer, ownStatus);
    else writer.empty(0x7a);
  }

  /** Ids that were made here are numbers; what an id generator or another process made is text. */
  #writeIds(identity: SpanIdentity, parent: SpanIdentity | SpanContext | undefined): void {
    const { trace, traceState } = identity;
    const isOurs = parent === undefined || parent instanceof SpanIdentity;
    if (!isOurs || traceState !== undefined || !trace.hasWords || !identity.hasWords)
      return this.#writeForeignIds(identity, parent);
    if (parent !== undefined && !parent.hasWords) return this.#writeForeignIds(identity, parent);
    this.#writer.reserve(IDS_BYTES);
    const { view, end } = this.#writer;
    view.setUint16(end, 0x0a_10);
    view.setInt32(end + 2, trace.a);
    view.setInt32(end + 6, trace.b);
    view.setInt32(end + 10, trace.c);
    view.setInt32(end + 14, trace.d);
    putSpanId(view, end + 18, 0x12_08, identity);
    const at = parent === undefined ? end + 28 : putSpanId(view, end + 28, 0x22_08, parent);
    view.setUint16(at, 0x85_01);
    view.setInt32(at + 2, HAS_IS_REMOTE | (identity.isSampled ? 1 : 0), true);
    this.#writer.end = at + 6;
  }

  #writeForeignIds(identity: SpanIdentity, parent: SpanIdentity | SpanContext | undefined): void {
    const writer = this.#writer;
    writer.hex(0x0a, identity.trace.id, TRACE_ID_BYTES);
    writer.hex(0x12, identity.id, SPAN_ID_BYTES);
    const state = identity.traceState?.serialize();
    if (state) writer.text(0x1a, state);
    const isOurs = parent instanceof SpanIdentity;
    const parentId = isOurs ? parent.id : parent?.spanId;
    if (parentId) writer.repeatedHex(0x22, parentId, SPAN_ID_BYTES, this.#parentId);
    const isRemote = !isOurs && parent?.isRemote === true;
    writer.tagByte(0x85);
    writer.fixed32(0x01, HAS_IS_REMOTE | (identity.isSampled ? 1 : 0) | (isRemote ? IS_REMOTE : 0));
  }

  #writeTimes(span: LeanSpan): void {
    if (!span.hasClockTimes) {
      writeHrTime(this.#writer, 0x39, span.startTime);
      writeHrTime(this.#writer, 0x41, span.endTime);
      return;
    }
    this.#writer.reserve(2 * TIME_BYTES);
    const { view, end } = this.#writer;
    const { clock } = span.identity.trace;
    view.setUint8(end, 0x39);
    clock.putNanos(view, end + 1, span.startedAt);
    view.setUint8(end + TIME_BYTES, 0x41);
    clock.putNanos(view, end + TIME_BYTES + 1, span.endedAt);
    this.#writer.end = end + 2 * TIME_BYTES;
  }
}

function putSpanId(view: DataView, at: number, header: number, identity: SpanIdentity): number {
  view.setUint16(at, header);
  view.setInt32(at + 2, identity.high);
  view.setInt32(at + 6, identity.low);
  return at + 10;
}
