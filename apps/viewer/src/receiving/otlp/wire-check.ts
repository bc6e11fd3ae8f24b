import { MAX_PARTS, MAX_WIRE_DEPTH } from '../limits.js';
import { Refusal } from '../refusal.error.js';
import type { WireLayout } from './wire-layout.js';

const MAX_VARINT_BYTES = 10;

/** A message that is being read, and where it ends. */
interface Frame {
  readonly end: number;
  readonly layout: WireLayout;
}

/**
 * Walks a protobuf message before it is decoded: a decoder makes objects of a hundred bytes from
 * fields of two, and goes as deep as the sender wants. One pass, no recursion.
 *
 * @throws Refusal if the message is broken, too deep or of too many fields.
 */
export class WireCheck {
  readonly #frames: Frame[] = [];
  #at = 0;
  #parts = 0;

  constructor(private readonly bytes: Uint8Array) {}

  run(layout: WireLayout): void {
    this.#frames.push({ end: this.bytes.length, layout });
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
      if (this.#at < frame.end) this.#readField(frame);
      else this.#frames.pop();
    }
  }

  #readField({ end, layout }: Frame): void {
    if (++this.#parts > MAX_PARTS) throw tooManyParts();
    const tag = this.#readVarint(end);
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    if (field === 0) throw broken();
    if (wireType === 0) this.#readVarint(end);
    else if (wireType === 1) this.#skip(8, end);
    else if (wireType === 5) this.#skip(4, end);
    else if (wireType === 2) this.#enter(this.#readVarint(end), end, layout[field]);
    else throw broken();
  }

  #enter(length: number, end: number, layout: WireLayout | undefined): void {
    const start = this.#at;
    this.#skip(length, end);
    if (!layout) return;
    if (this.#frames.length >= MAX_WIRE_DEPTH) {
      throw new Refusal('malformed', 'The message is nested too deeply: flatten its values.');
    }
    this.#frames.push({ end: start + length, layout });
    this.#at = start;
  }

  #skip(length: number, end: number): void {
    this.#at += length;
    if (this.#at > end) throw broken();
  }

  #readVarint(end: number): number {
    let value = 0;
    for (let index = 0; index < MAX_VARINT_BYTES && this.#at < end; index++) {
      const byte = this.bytes[this.#at++]!;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw broken();
  }
}

/** The refusal of a message with more objects and fields than anybody sends. */
export function tooManyParts(): Refusal {
  return new Refusal('too_large', `A message has more than ${MAX_PARTS} parts: send less at once.`);
}

function broken(): Refusal {
  return new Refusal('malformed', 'The body is no protobuf message, or it was cut off.');
}
