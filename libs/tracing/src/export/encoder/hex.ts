/** No digit: too large for half a byte, whatever it is combined with. */
const NO_DIGIT = 0x80;

const NIBBLES = new Uint8Array(128).map((_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});

/** Writes the bytes that hexadecimal digits mean, if they are `size` bytes, and answers whether. */
export function putHex(bytes: Uint8Array, position: number, digits: string, size: number): boolean {
  const end = size * 2;
  if (digits.length !== end) return false;
  let at = position;
  let seen = 0;
  for (let index = 0; index < end; index += 2) {
    const high = nibble(digits.charCodeAt(index));
    const low = nibble(digits.charCodeAt(index + 1));
    seen |= high | low;
    bytes[at] = (high << 4) | low;
    at += 1;
  }
  return seen < NO_DIGIT;
}

function nibble(code: number): number {
  return NIBBLES[code] ?? NO_DIGIT;
}
