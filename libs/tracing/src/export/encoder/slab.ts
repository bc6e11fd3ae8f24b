/** Room for a few hundred spans: one allocation for all of them, and little kept alive by the last. */
const SLAB_BYTES = 65_536;

/** Twice what OTLP receivers accept in a whole request: what is larger cannot be sent anyway. */
const MAX_MESSAGE_BYTES = 8_388_608;

/** Memory in which messages are written one behind the other, and that is replaced when it is full. */
export abstract class Slab {
  protected bytes = Buffer.allocUnsafeSlow(SLAB_BYTES);
  protected view = new DataView(this.bytes.buffer);
  /** Where the message begins that is being written. */
  protected start = 0;
  /** Where the next byte goes. */
  protected end = 0;

  /** Starts a message, and forgets one that was not finished. */
  begin(): void {
    this.end = this.start;
  }

  /** The message since `begin`: a view of the slab, at a place that is not written to again. */
  finish(): Uint8Array<ArrayBuffer> {
    const message = new Uint8Array(this.bytes.buffer, this.start, this.end - this.start);
    if (this.bytes.length > SLAB_BYTES) this.#replace(SLAB_BYTES);
    this.start = this.end;
    return message;
  }

  /** Makes room, so that the bytes may be written unchecked; the message may move to a new slab. */
  protected reserve(size: number): void {
    if (this.end + size > this.bytes.length) this.#move(size);
  }

  #move(size: number): void {
    const begun = this.bytes.subarray(this.start, this.end);
    const needed = begun.length + size;
    if (needed > MAX_MESSAGE_BYTES) throw new RangeError('The message is larger than 8 MiB.');
    this.#replace(Math.max(SLAB_BYTES, needed * 2));
    this.bytes.set(begun);
    this.end = begun.length;
  }

  #replace(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.view = new DataView(this.bytes.buffer);
    this.start = 0;
    this.end = 0;
  }
}
