import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { fitSpan } from '../encoder/fitting/fit-span.js';
import { ProtobufWriter } from '../encoder/protobuf-writer.js';
import type { SpanContent } from '../encoder/safe-copy/span.js';
import { SpanEncoder } from '../encoder/span-encoder.js';
import { FRAME_HEADER_BYTES } from '../transport/frame.js';
import type { SharedSlice } from '../transport/shared-slice.js';
import { SharedBlocks } from './shared-blocks.js';

/**
 * A hand-over is at most this large: large enough to cost little a span, too small to be felt or to
 * drive everything else out of the processor's caches.
 */
const SLICE_BYTES = 128 * 1024;

/** The longest span that is taken. */
export const MAX_SPAN_BYTES = 64 * 1024;

/** Takes over a slice, and how many spans are in it, when its memory is full. */
type SliceListener = (slice: SharedSlice, count: number) => void;

/** Encodes spans right where they are handed over from, so that many are handed over at once. */
export class SliceWriter {
  readonly #blocks = new SharedBlocks(SLICE_BYTES);
  readonly #writer: ProtobufWriter;
  readonly #encoder: SpanEncoder;
  readonly #onFull: SliceListener;
  #count = 0;

  constructor(onFull: SliceListener) {
    this.#onFull = onFull;
    this.#writer = new ProtobufWriter(
      SLICE_BYTES,
      (full) => onFull(this.#handOver(full), this.#takeCount()),
      (size) => this.#blocks.next(size),
    );
    this.#encoder = new SpanEncoder(this.#writer);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes that have gathered. */
  get bytes(): number {
    return this.#writer.used;
  }

  /**
   * Encodes a span, for `commit` or `discard`. One that is too large is shortened first.
   *
   * @returns how many bytes it takes
   */
  encode(span: ReadableSpan): number {
    const length = this.#write(span);
    if (length <= MAX_SPAN_BYTES) return length;
    this.discard();
    return this.#write(fitSpan(span, MAX_SPAN_BYTES));
  }

  #write(span: SpanContent): number {
    this.#encoder.write(span, FRAME_HEADER_BYTES);
    return this.#writer.length - FRAME_HEADER_BYTES;
  }

  /** Takes the span that was encoded last into the slice. */
  commit(scope: number): void {
    const writer = this.#writer;
    writer.head(scope, writer.length - FRAME_HEADER_BYTES);
    this.#count += 1;
    writer.commit();
  }

  /** Forgets the span that was encoded last. */
  discard(): void {
    this.#writer.discard();
  }

  /** Passes on what has gathered, as if the slice were full. */
  close(): void {
    if (this.#count > 0) this.#onFull(this.#handOver(this.#writer.take()), this.#takeCount());
  }

  /** All memory of the writer's is shared. */
  #handOver(slice: Uint8Array): SharedSlice {
    this.#blocks.handOver(slice.length);
    return slice as SharedSlice;
  }

  #takeCount(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }
}
