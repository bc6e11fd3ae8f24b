/** Ids are written here on their way to digits: one text comes out where pieces would be put together. */
const id = Buffer.alloc(16);
const words = new DataView(id.buffer, id.byteOffset, id.length);

/** The hexadecimal digits of a span's id, of two 32-bit words. */
export function spanIdToHex(high: number, low: number): string {
  words.setInt32(0, high);
  words.setInt32(4, low);
  return id.toString('hex', 0, 8);
}

/** The hexadecimal digits of a trace's id, of four 32-bit words. */
export function traceIdToHex(a: number, b: number, c: number, d: number): string {
  words.setInt32(0, a);
  words.setInt32(4, b);
  words.setInt32(8, c);
  words.setInt32(12, d);
  return id.toString('hex', 0, 16);
}

/** The 32-bit word that eight hexadecimal digits mean, as a signed number. */
export function hexToWord(hex: string, at: number): number {
  return Number.parseInt(hex.slice(at, at + 8), 16) | 0;
}
