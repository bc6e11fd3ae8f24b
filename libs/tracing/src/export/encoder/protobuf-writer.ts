import { FieldCache } from './field-cache.js';
import type { CachedField } from './field-cache.js';
import { putHex } from './hex.js';
import type { IdMemo } from './id-memo.js';
import { HEADER_BYTES, NumberWriter } from './number-writer.js';
import { maxUtf8Bytes, putAscii, putText } from './text.js';
import { putVarint, varintWidth } from './varint.js';

/** More values within values are a mistake or an attack, and would hold up the event loop. */
const MAX_NESTED_VALUES = 262_144;

/**
 * Writes protobuf messages one behind the other into slabs of memory, each in one pass. A field's
 * tag is given as it is written, `field << 3 | wireType`.
 *
 * @throws RangeError when a message grows past 8 MiB or has more than 262,144 nested values
 * @throws TypeError when a text is none
 * @internal
 */
export class ProtobufWriter extends NumberWriter {
  readonly #keys = new FieldCache(0x0a);
  #nestedValues = 0;

  override begin(room = 0): void {
    super.begin(room);
    this.#nestedValues = 0;
  }

  /** Counts values that lie within another one, before they are written. */
  countNested(values: number): void {
    this.#nestedValues += values;
    if (this.#nestedValues > MAX_NESTED_VALUES) throw new RangeError('Too many nested values.');
  }

  /**
   * Opens a message inside the message.
   *
   * @param expected - its length as far as it is known: a good guess saves `close` a move
   * @returns where its content begins, for `close`
   */
  open(tag: number, expected: number): number {
    this.reserve(HEADER_BYTES);
    this.bytes[this.end] = tag;
    this.end += 1 + varintWidth(expected);
    return this.end - this.start;
  }

  /** Closes what `open` opened with the same expectation. */
  close(content: number, expected: number): void {
    const length = this.end - this.start - content;
    if (length < 128 && expected < 128) this.bytes[this.start + content - 1] = length;
    else this.#closeLong(content, varintWidth(expected), length);
  }

  text(tag: number, text: string): void {
    if (typeof text !== 'string') throw new TypeError('A text was expected.');
    this.reserve(HEADER_BYTES + maxUtf8Bytes(text));
    this.bytes[this.end] = tag;
    this.end = putText(this.bytes, this.end + 1, text);
  }

  key(key: string): void {
    const field = this.#keys.get(key);
    if (field === undefined) this.text(0x0a, key);
    else this.cached(field);
  }

  /** A KeyValue with a short ASCII text, in one go. Answers whether it was one. */
  textEntry(tag: number, key: string, text: string): boolean {
    const field = this.#keys.get(key);
    if (field === undefined) return false;
    const size = field.size + text.length + 4;
    if (size > 127) return false;
    this.reserve(HEADER_BYTES + size + maxUtf8Bytes(text));
    const bytes = this.bytes;
    const at = this.end + 2 + field.size;
    putWords(this.view, this.end + 2, field.words);
    if (!putAscii(bytes, at + 4, text)) return false;
    bytes[this.end] = tag;
    bytes[this.end + 1] = size;
    bytes[at] = 0x12;
    bytes[at + 1] = text.length + 2;
    bytes[at + 2] = 0x0a;
    bytes[at + 3] = text.length;
    this.end = at + 4 + text.length;
    return true;
  }

  /** A KeyValue with an unsigned 32-bit integer or a boolean. Answers whether the key was a short one. */
  numberEntry(tag: number, key: string, valueTag: number, value: number): boolean {
    const field = this.#keys.get(key);
    if (field === undefined) return false;
    const width = varintWidth(value);
    const size = field.size + width + 3;
    if (size > 127) return false;
    this.reserve(HEADER_BYTES + size);
    const bytes = this.bytes;
    const at = this.end + 2 + field.size;
    putWords(this.view, this.end + 2, field.words);
    bytes[this.end] = tag;
    bytes[this.end + 1] = size;
    bytes[at] = 0x12;
    bytes[at + 1] = width + 1;
    bytes[at + 2] = valueTag;
    this.end = putVarint(bytes, at + 3, value);
    return true;
  }

  /** A field that was written before. */
  cached({ size, words }: CachedField): void {
    this.reserve(HEADER_BYTES + size);
    putWords(this.view, this.end, words);
    this.end += size;
  }

  blob(tag: number, blob: Uint8Array): void {
    const { length } = blob;
    this.reserve(HEADER_BYTES + length);
    this.bytes[this.end] = tag;
    this.end = putVarint(this.bytes, this.end + 1, length);
    this.bytes.set(blob, this.end);
    this.end += length;
  }

  /**
   * The bytes that hexadecimal digits mean, or no bytes where the digits are not `size` bytes, and
   * whether they are.
   */
  hex(tag: number, digits: string, size: number): boolean {
    this.reserve(HEADER_BYTES + size);
    this.bytes[this.end] = tag;
    const filled = putHex(this.view, this.end + 2, digits, size) ? size : 0;
    this.bytes[this.end + 1] = filled;
    this.end += 2 + filled;
    return filled > 0;
  }

  /** As `hex`, at once if the memo has the digits, which it has from now on. */
  repeatedHex(tag: number, digits: string, size: number, memo: IdMemo): void {
    const field = memo.get(digits);
    if (field !== undefined) {
      this.cached(field);
      return;
    }
    const isWhole = this.hex(tag, digits, size);
    if (isWhole) memo.keep(digits, this.view, this.end - size - 2);
  }

  #closeLong(content: number, guessed: number, length: number): void {
    const moved = varintWidth(length) - guessed;
    if (moved !== 0) {
      this.reserve(HEADER_BYTES);
      const from = this.start + content;
      this.bytes.copyWithin(from + moved, from, this.end);
      this.end += moved;
    }
    putVarint(this.bytes, this.start + content - guessed, length);
  }
}

function putWords(view: DataView, position: number, words: readonly number[]): void {
  let at = position;
  for (let index = 0; index < words.length; index += 1) {
    view.setInt32(at, words[index] ?? 0, true);
    at += 4;
  }
}
