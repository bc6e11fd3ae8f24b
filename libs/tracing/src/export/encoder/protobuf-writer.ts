import type { WrittenAttributes } from '../../tracer/attributes/prepared-attributes.js';
import { EntryCache } from './entry-cache.js';
import { putHex } from './hex.js';
import type { IdMemo } from './id-memo.js';
import { NameCache } from './name-cache.js';
import { HEADER_BYTES, NumberWriter } from './number-writer.js';
import type { RepeatedField } from './repeated-field.js';
import { MAX_FIELD_BYTES, lanesOf, putLanes } from './repeated-field.js';
import { maxUtf8Bytes, putAscii, putText } from './text.js';
import { putVarint, varintWidth } from './varint.js';

/** More values within values are a mistake or an attack, and would hold up the event loop. */
const MAX_NESTED_VALUES = 262_144;

/** Longer attributes are written anew each time: there may be many, and all are kept. */
const MAX_KEPT_BYTES = 2_048;

/**
 * Writes protobuf messages one behind the other into buffers, each in one pass. A field's
 * tag is given as it is written, `field << 3 | wireType`.
 *
 * @throws RangeError when a message grows past 8 MiB or has more than 262,144 nested values
 * @throws TypeError when a text is none
 * @internal
 */
export class ProtobufWriter extends NumberWriter {
  readonly #names = new NameCache();
  readonly #entries = new EntryCache();
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

  /** The name of what attributes belong to, which are known by it from then on. */
  name(tag: number, name: string): void {
    const field = this.#names.get(tag, name);
    this.#entries.follow(field);
    if (field === undefined) return this.text(tag, name);
    this.written(field);
  }

  /** What came out for somebody before, to be written again. Attributes behind it are known by its name. */
  written({ size, lanes }: WrittenAttributes): void {
    this.reserve(HEADER_BYTES + size);
    putLanes(this.view, this.end, lanes);
    this.end += size;
  }

  /** Keeps what was written since a place in the message, unless that is too long. */
  keep(from: number): WrittenAttributes | null {
    const size = this.length - from;
    if (size > MAX_KEPT_BYTES) return null;
    const lanes = lanesOf(this.bytes.subarray(this.end - size, this.end));
    return lanes === undefined ? null : { size, lanes };
  }

  /** A KeyValue of a kind that most are of, in one go. Answers whether it was one. */
  entry(tag: number, key: string, value: unknown): boolean {
    const field = this.#entries.get(key, value);
    if (field === undefined) return false;
    if (field.isKey) return this.#newEntry(tag, field, value);
    this.reserve(HEADER_BYTES + field.size);
    this.view.setUint8(this.end, tag);
    putLanes(this.view, this.end + 1, field.lanes);
    this.end += 1 + field.size;
    return true;
  }

  #newEntry(tag: number, key: RepeatedField, value: unknown): boolean {
    if (typeof value === 'string') return this.#textEntry(tag, key, value);
    if (typeof value === 'boolean') return this.#numberEntry(tag, key, 0x10, value ? 1 : 0);
    const isUint32 = typeof value === 'number' && value >>> 0 === value;
    return isUint32 && this.#numberEntry(tag, key, 0x18, value);
  }

  /** Only ASCII, and short. */
  #textEntry(tag: number, { size: keySize, lanes }: RepeatedField, text: string): boolean {
    const size = keySize + text.length + 4;
    if (size > MAX_FIELD_BYTES) return false;
    this.reserve(HEADER_BYTES + size + maxUtf8Bytes(text));
    const bytes = this.bytes;
    const at = this.end + 2 + keySize;
    putLanes(this.view, this.end + 2, lanes);
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

  #numberEntry(
    tag: number,
    { size: keySize, lanes }: RepeatedField,
    valueTag: number,
    value: number,
  ): boolean {
    const width = varintWidth(value);
    const size = keySize + width + 3;
    if (size > MAX_FIELD_BYTES) return false;
    this.reserve(HEADER_BYTES + size);
    const bytes = this.bytes;
    const at = this.end + 2 + keySize;
    putLanes(this.view, this.end + 2, lanes);
    bytes[this.end] = tag;
    bytes[this.end + 1] = size;
    bytes[at] = 0x12;
    bytes[at + 1] = width + 1;
    bytes[at + 2] = valueTag;
    this.end = putVarint(bytes, at + 3, value);
    return true;
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
    this.reserve(HEADER_BYTES + size);
    if (memo.put(digits, this.view, this.end)) {
      this.end += memo.size;
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
