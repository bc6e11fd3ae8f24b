import { FRAME_HEADER_BYTES } from './frame.js';

/** Spans that go out in one request, by the index of their scope. */
export interface Batch {
  readonly spans: ReadonlyMap<number, Uint8Array[]>;
  readonly count: number;
  readonly bytes: number;
}

/** First in, first out, as the slices came: a span becomes an object only when its batch is cut. */
export class SliceQueue {
  readonly #slices: Uint8Array[] = [];
  #offset = 0;
  #size = 0;

  /** Spans in the queue. */
  get size(): number {
    return this.#size;
  }

  push(slice: Uint8Array, count: number): void {
    this.#slices.push(slice);
    this.#size += count;
  }

  /** Cuts the oldest spans off: at most so many, and of so many bytes, but one at least. */
  take(maxCount: number, maxBytes: number): Batch {
    const spans = new Map<number, Uint8Array[]>();
    let [count, bytes] = [0, 0];
    while (count < maxCount && this.#size > 0) {
      const { scope, span } = this.#head();
      if (count > 0 && bytes + span.length + FRAME_HEADER_BYTES > maxBytes) break;
      const siblings = spans.get(scope);
      if (siblings === undefined) spans.set(scope, [span]);
      else siblings.push(span);
      bytes += span.length + FRAME_HEADER_BYTES;
      count += 1;
      this.#advance(span.length + FRAME_HEADER_BYTES);
    }
    return { spans, count, bytes };
  }

  /** Empties the queue; returns what it held as one slice. */
  release(): Uint8Array<ArrayBuffer> {
    const [first = new Uint8Array(), ...others] = this.#slices;
    const parts = [first.subarray(this.#offset), ...others];
    const slice = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      slice.set(part, at);
      at += part.length;
    }
    this.#slices.length = this.#offset = this.#size = 0;
    return slice;
  }

  #head(): { scope: number; span: Uint8Array } {
    const [slice = new Uint8Array(FRAME_HEADER_BYTES)] = this.#slices;
    const words = new DataView(slice.buffer, slice.byteOffset + this.#offset);
    const start = this.#offset + FRAME_HEADER_BYTES;
    return {
      scope: words.getUint32(0),
      span: slice.subarray(start, start + words.getUint32(4)),
    };
  }

  #advance(bytes: number): void {
    this.#size -= 1;
    this.#offset += bytes;
    if (this.#offset < (this.#slices[0]?.length ?? 0)) return;
    this.#slices.shift();
    this.#offset = 0;
  }
}
