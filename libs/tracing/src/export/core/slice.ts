import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ProtobufWriter } from '../encoder/protobuf-writer.js';
import { SpanEncoder } from '../encoder/span-encoder.js';
import { FRAME_HEADER_BYTES } from './frame.js';

/** A hand-over is at most this large: large enough to cost little a span, too small to be felt. */
const SLICE_BYTES = 256 * 1024;

/** The longest span that is taken. */
export const MAX_SPAN_BYTES = 64 * 1024;

/** Takes over a slice that is full: its memory, and how many spans are in it. */
export type SliceListener = (slice: Uint8Array<ArrayBuffer>, count: number) => void;

/** Encodes spans right where they are handed over from, so that many are handed over at once. */
export class SliceWriter {
  readonly #writer: ProtobufWriter;
  readonly #encoder: SpanEncoder;
  #count = 0;

  constructor(onFull: SliceListener) {
    this.#writer = new ProtobufWriter(SLICE_BYTES, (slice) => onFull(slice, this.#takeCount()));
    this.#encoder = new SpanEncoder(this.#writer);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes that have gathered. */
  get bytes(): number {
    return this.#writer.used;
  }

  /** Encodes a span, for `commit` or `discard`; answers how many bytes it takes. */
  encode(span: ReadableSpan): number {
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

  /** What has gathered, as memory of its own that can be transferred. */
  take(): { readonly slice: Uint8Array<ArrayBuffer>; readonly count: number } {
    return { slice: this.#writer.take(), count: this.#takeCount() };
  }

  #takeCount(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }
}
