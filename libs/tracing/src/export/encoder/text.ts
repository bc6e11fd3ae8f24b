import { putVarint, varintWidth } from './varint.js';

/** From here on the engine's own conversion is faster than one character after the other. */
const LONG_TEXT = 48;

/** Text below this length is given three bytes for each UTF-16 unit, longer text is measured. */
const MEASURED_TEXT = 16_384;

/** How many bytes a text may take as UTF-8. */
export function maxUtf8Bytes(text: string): number {
  return text.length < MEASURED_TEXT ? text.length * 3 : Buffer.byteLength(text);
}

/**
 * Writes a text as UTF-8 behind its length and answers the position behind it. A lone surrogate
 * becomes U+FFFD.
 */
export function putText(bytes: Buffer, position: number, text: string): number {
  const { length } = text;
  if (length >= LONG_TEXT || !putAscii(bytes, position + 1, text))
    return putUtf8(bytes, position, text);
  bytes[position] = length;
  return position + 1 + length;
}

/** Writes a text of ASCII characters only; answers false when there are others. */
export function putAscii(bytes: Buffer, position: number, text: string): boolean {
  const { length } = text;
  if (length >= LONG_TEXT) return bytes.write(text, position) === length;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 127) return false;
    bytes[position + index] = code;
  }
  return true;
}

/** The length is guessed to be the one of ASCII, and what was written is moved when it is not. */
function putUtf8(bytes: Buffer, position: number, text: string): number {
  const content = position + varintWidth(text.length);
  const written = bytes.write(text, content);
  const actual = position + varintWidth(written);
  if (actual !== content) bytes.copyWithin(actual, content, content + written);
  return putVarint(bytes, position, written) + written;
}
