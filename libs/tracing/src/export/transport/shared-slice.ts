/** Spans in memory that is written to again once they were copied out of it. */
export type SharedSlice = Uint8Array<SharedArrayBuffer>;

/** What is before the spans in a block of shared memory: how many of its bytes were copied out. */
export const BLOCK_HEADER_BYTES = 8;

/** The counter of a block. */
export function takenOf(block: SharedArrayBuffer): Int32Array<SharedArrayBuffer> {
  return new Int32Array(block, 0, 1);
}

/** Copies a slice, once, and says so to the thread that waits for its memory. */
export function copyOut(slice: SharedSlice): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(slice);
  Atomics.add(takenOf(slice.buffer), 0, slice.length);
  return copy;
}
