/** One field of a protobuf message: a number for a varint, bytes for what has a length. */
interface WireField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const LENGTH_OF_FIXED: Record<number, number> = { 1: 8, 5: 4 };
/** A varint of 64 bits takes no more, and its last byte holds one bit. */
const MAX_VARINT_BYTES = 10;

/** Reads what a message of somebody else holds; one that is malformed is a `RangeError`. */
class WireCursor {
  readonly #message: Uint8Array;
  #at = 0;

  constructor(message: Uint8Array) {
    this.#message = message;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#message.length;
  }

  /** Reads a signed number of 64 bits. */
  varint(): number {
    let value = 0n;
    for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
      const [byte = 0] = this.bytes(1);
      if (count === MAX_VARINT_BYTES - 1 && byte > 1) break;
      value |= BigInt(byte & 0x7f) << BigInt(7 * count);
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError('a number is too long');
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (length < 0 || end > this.#message.length) throw new RangeError('the message is cut off');
    const bytes = this.#message.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

/**
 * Reads the fields of a small protobuf message, such as a collector's response. Fields of a fixed
 * width are skipped.
 *
 * @throws RangeError if it is no protobuf message
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  const cursor = new WireCursor(message);
  while (!cursor.isAtEnd) {
    const tag = cursor.varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    const fixed = LENGTH_OF_FIXED[type];
    if (number <= 0) throw new RangeError('a field has no number');
    if (type === 0) yield { number, value: cursor.varint() };
    else if (type === 2) yield { number, value: cursor.bytes(cursor.varint()) };
    else if (fixed === undefined) throw new RangeError(`a field is of type ${type}`);
    else cursor.bytes(fixed);
  }
}

/** The bytes of the last field with this number, empty if there is none. */
export function bytesOf(message: Uint8Array, number: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array();
  for (const field of wireFields(message)) {
    if (field.number === number && typeof field.value !== 'number') bytes = field.value;
  }
  return bytes;
}

/** The value of the last varint field with this number, 0 if there is none. */
export function numberOf(message: Uint8Array, number: number): number {
  let value = 0;
  for (const field of wireFields(message)) {
    if (field.number === number && typeof field.value === 'number') ({ value } = field);
  }
  return value;
}
