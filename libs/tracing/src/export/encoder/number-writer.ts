import { GrowingBuffer } from './growing-buffer.js';
import { putVarint, putVarint64 } from './varint.js';

/** The most that a tag, a length or a number take together. */
export const HEADER_BYTES = 12;

const TWO_POW_32 = 4_294_967_296;

/** Writes the fields of a protobuf message that hold a number. */
export abstract class NumberWriter extends GrowingBuffer {
  /** A varint of an unsigned 32-bit integer. */
  uint32(tag: number, value: number): void {
    this.reserve(HEADER_BYTES);
    this.bytes[this.end] = tag;
    this.end = putVarint(this.bytes, this.end + 1, value >>> 0);
  }

  /** A varint of an integer within the range of 64 bits with a sign. */
  int64(tag: number, value: number): void {
    const high = Math.floor(value / TWO_POW_32) >>> 0;
    this.reserve(HEADER_BYTES);
    this.bytes[this.end] = tag;
    this.end = putVarint64(this.bytes, this.end + 1, high, value >>> 0);
  }

  double(tag: number, value: number): void {
    this.reserve(HEADER_BYTES);
    this.bytes[this.end] = tag;
    this.view.setFloat64(this.end + 1, value, true);
    this.end += 9;
  }

  fixed32(tag: number, value: number): void {
    this.reserve(HEADER_BYTES);
    this.bytes[this.end] = tag;
    this.view.setUint32(this.end + 1, value, true);
    this.end += 5;
  }

  fixed64(tag: number, high: number, low: number): void {
    this.reserve(HEADER_BYTES);
    this.bytes[this.end] = tag;
    this.view.setUint32(this.end + 1, low, true);
    this.view.setUint32(this.end + 5, high, true);
    this.end += 9;
  }

  /** A message without content. */
  empty(tag: number): void {
    this.reserve(HEADER_BYTES);
    this.view.setUint16(this.end, tag << 8);
    this.end += 2;
  }

  /** The first byte of a tag that has two. */
  tagByte(byte: number): void {
    this.reserve(HEADER_BYTES);
    this.bytes[this.end] = byte;
    this.end += 1;
  }
}
