/** Bytes before each span in a slice: the index of its scope, and its length, as 32-bit words. */
export const FRAME_HEADER_BYTES = 8;

/** A hand-over is at most this large: large enough to cost little a span, too small to be felt. */
const SLICE_BYTES = 256 * 1024;

/** The longest span that is taken. */
export const MAX_SPAN_BYTES = 64 * 1024;

/** Gathers encoded spans, so that many are handed over at once. */
export class SliceWriter {
  readonly #bytes = new Uint8Array(SLICE_BYTES);
  readonly #words = new DataView(this.#bytes.buffer);
  #used = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Bytes that have gathered. */
  get bytes(): number {
    return this.#used;
  }

  /** Whether a span of this length still goes in. */
  fits(length: number): boolean {
    return this.#used + FRAME_HEADER_BYTES + length <= SLICE_BYTES;
  }

  append(scope: number, span: Uint8Array): void {
    this.#words.setUint32(this.#used, scope);
    this.#words.setUint32(this.#used + 4, span.length);
    this.#bytes.set(span, this.#used + FRAME_HEADER_BYTES);
    this.#used += FRAME_HEADER_BYTES + span.length;
    this.#count += 1;
  }

  /** What was gathered, as memory of its own that can be transferred. */
  take(): Uint8Array<ArrayBuffer> {
    const slice = this.#bytes.slice(0, this.#used);
    this.#used = 0;
    this.#count = 0;
    return slice;
  }
}
