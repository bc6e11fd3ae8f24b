/** Bytes before each span in a slice: the index of its scope, and its length, as 32-bit words. */
export const FRAME_HEADER_BYTES = 8;
