/** How many bytes an unsigned 32-bit integer takes as a varint. */
export function varintWidth(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  if (value < 2_097_152) return 3;
  return value < 268_435_456 ? 4 : 5;
}

/** Writes an unsigned 32-bit integer and answers the position behind it. */
export function putVarint(bytes: Uint8Array, position: number, value: number): number {
  let at = position;
  let rest = value;
  while (rest > 127) {
    bytes[at] = (rest & 127) | 128;
    at += 1;
    rest >>>= 7;
  }
  bytes[at] = rest;
  return at + 1;
}

/** Writes the 64-bit integer that two unsigned halves make and answers the position behind it. */
export function putVarint64(
  bytes: Uint8Array,
  position: number,
  high: number,
  low: number,
): number {
  let at = position;
  let upper = high;
  let lower = low;
  while (upper > 0) {
    bytes[at] = (lower & 127) | 128;
    at += 1;
    lower = ((lower >>> 7) | (upper << 25)) >>> 0;
    upper >>>= 7;
  }
  return putVarint(bytes, at, lower);
}
