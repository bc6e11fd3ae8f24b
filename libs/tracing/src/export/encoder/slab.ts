/** Room for a few hundred spans: one allocation for all of them, and little kept alive by the last. */
const SLAB_BYTES = 65_536;

/** Twice what OTLP receivers accept in a whole request: what is larger cannot be sent anyway. */
const MAX_MESSAGE_BYTES = 8_388_608;

/** Takes over memory that is full; nothing is written to it any more. */
export type SlabListener = (full: Uint8Array<ArrayBuffer>) => void;

/** Memory in which messages are written one behind the other, and that is replaced when it is full. */
export abstract class Slab {
  protected bytes = Buffer.alloc(0);
  protected view = new DataView(this.bytes.buffer);
  /** Where the message begins that is being written. */
  protected start = 0;
  /** Where the next byte goes. */
  protected end = 0;
  readonly #slabBytes: number;
  readonly #onFull: SlabListener | undefined;

  /**
   * @param slabBytes - size of the memory that messages share
   * @param onFull - is given the finished messages of memory that is replaced
   */
  constructor(slabBytes = SLAB_BYTES, onFull?: SlabListener) {
    this.#slabBytes = slabBytes;
    this.#onFull = onFull;
    this.#replace(slabBytes);
  }

  /** Bytes since `begin`. */
  get length(): number {
    return this.end - this.start;
  }

  /** Bytes of the finished messages. */
  get used(): number {
    return this.start;
  }

  /**
   * Starts a message, and forgets one that was not finished.
   *
   * @param room - bytes to leave free before it
   */
  begin(room = 0): void {
    this.end = this.start + room;
  }

  /** The message since `begin`: a view of the slab, at a place that is not written to again. */
  finish(): Uint8Array<ArrayBuffer> {
    const message = new Uint8Array(this.bytes.buffer, this.start, this.length);
    this.commit();
    return message;
  }

  /** As `finish`, without a view. */
  commit(): void {
    this.start = this.end;
    if (this.bytes.length > this.#slabBytes) this.#pass();
  }

  /** Writes two words into the room that `begin` has left. */
  head(first: number, second: number): void {
    this.view.setUint32(this.start, first);
    this.view.setUint32(this.start + 4, second);
  }

  /** Forgets the message since `begin`, and the memory that only it needed. */
  discard(): void {
    this.end = this.start;
    if (this.bytes.length > this.#slabBytes) this.#replace(this.#slabBytes);
  }

  /**
   * The finished messages, in memory of their own that may be transferred. Few are copied, so that
   * the memory of many is not spent on them.
   */
  take(): Uint8Array<ArrayBuffer> {
    const used = this.start;
    if (used < this.bytes.length / 2) {
      const copy = new Uint8Array(this.bytes.buffer.slice(0, used));
      this.start = 0;
      this.end = 0;
      return copy;
    }
    const full = new Uint8Array(this.bytes.buffer, 0, used);
    this.#replace(this.#slabBytes);
    return full;
  }

  /** Makes room, so that the bytes may be written unchecked; the message may move to a new slab. */
  protected reserve(size: number): void {
    if (this.end + size > this.bytes.length) this.#move(size);
  }

  #move(size: number): void {
    const { bytes, start, end } = this;
    const needed = end - start + size;
    if (needed > MAX_MESSAGE_BYTES) throw new RangeError('The message is larger than 8 MiB.');
    this.#replace(Math.max(this.#slabBytes, needed * 2));
    this.bytes.set(bytes.subarray(start, end));
    this.end = end - start;
    if (start > 0) this.#onFull?.(new Uint8Array(bytes.buffer, 0, start));
  }

  #pass(): void {
    const full = new Uint8Array(this.bytes.buffer, 0, this.start);
    this.#replace(this.#slabBytes);
    this.#onFull?.(full);
  }

  #replace(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.view = new DataView(this.bytes.buffer);
    this.start = 0;
    this.end = 0;
  }
}
