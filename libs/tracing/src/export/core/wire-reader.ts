/** One field of a protobuf message: a number for a varint, bytes for what has a length. */
export interface WireField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const LENGTH_OF_FIXED: Record<number, number> = { 1: 8, 5: 4 };

/**
 * Reads the fields of a small protobuf message, such as a collector's answer. Fields of a fixed
 * width are skipped; a message that is cut off yields what came before.
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  while (at < message.length) {
    const tag = varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) yield { number, value: varint() };
    else if (type === 2) yield { number, value: bytes(varint()) };
    else if (type in LENGTH_OF_FIXED) at += LENGTH_OF_FIXED[type] ?? 0;
    else return;
  }

  function varint(): number {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  function bytes(length: number): Uint8Array {
    at += length;
    return message.subarray(at - length, at);
  }
}

/** The bytes of the first field with this number, empty if there is none. */
export function bytesOf(message: Uint8Array, number: number): Uint8Array {
  for (const field of wireFields(message)) {
    if (field.number === number && typeof field.value !== 'number') return field.value;
  }
  return new Uint8Array();
}

/** The value of the first varint field with this number, 0 if there is none. */
export function numberOf(message: Uint8Array, number: number): number {
  for (const field of wireFields(message)) {
    if (field.number === number && typeof field.value === 'number') return field.value;
  }
  return 0;
}
