/** No digit: negative, whatever it is combined with. */
const NO_DIGIT = -1;

const LOW = digitTable(0);
const HIGH = digitTable(4);

function digitTable(shift: number): Int32Array {
  return new Int32Array(256).map((_, code) => {
    const digit = Number.parseInt(String.fromCharCode(code), 16);
    return Number.isNaN(digit) ? NO_DIGIT : digit << shift;
  });
}

/**
 * Writes the bytes that hexadecimal digits mean, if they are `size` bytes, and answers whether.
 *
 * @param size - a multiple of 4
 */
export function putHex(view: DataView, position: number, digits: string, size: number): boolean {
  const end = size * 2;
  if (digits.length !== end) return false;
  let at = position;
  let seen = 0;
  for (let index = 0; index < end; index += 8) {
    const first = byteAt(digits, index) | (byteAt(digits, index + 2) << 8);
    const second = byteAt(digits, index + 4) | (byteAt(digits, index + 6) << 8);
    seen |= first | second;
    view.setInt32(at, first | (second << 16), true);
    at += 4;
  }
  return seen >= 0;
}

/** The byte of two digits, or a negative number: what is no digit stays one through every shift by 8. */
function byteAt(digits: string, index: number): number {
  const high = HIGH[digits.charCodeAt(index)] ?? NO_DIGIT;
  return high | (LOW[digits.charCodeAt(index + 1)] ?? NO_DIGIT);
}
