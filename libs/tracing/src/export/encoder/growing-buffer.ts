/** Room for a few hundred spans: one allocation for all of them, and little kept alive by the last. */
const BUFFER_BYTES = 65_536;

/** Twice what OTLP receivers accept in a whole request: what is larger cannot be sent anyway. */
const MAX_MESSAGE_BYTES = 8_388_608;

/** Takes over the finished messages that nobody has taken, before their memory is replaced. */
type FullBufferListener = (messages: Uint8Array) => void;

/** Gives memory of a size in place of the last. */
type Allocate = (size: number) => Buffer;

/** Memory in which messages are written one behind the other, and that is replaced when it is full. */
export abstract class GrowingBuffer {
  /** The memory, for what is written in one go once there is room for it. */
  view: DataView;
  /** Where the next byte goes. */
  end = 0;
  protected bytes: Buffer;
  /** Where the message begins that is being written. */
  protected start = 0;
  readonly #bufferBytes: number;
  readonly #onFull: FullBufferListener | undefined;
  readonly #allocate: Allocate;
  /** Where the messages begin that nobody has taken. */
  #taken = 0;

  /**
   * @param bufferBytes - size of the memory that messages share
   * @param onFull - is given the finished messages of memory that is replaced
   * @param allocate - gives the memory, for an owner who uses it again
   */
  constructor(
    bufferBytes = BUFFER_BYTES,
    onFull?: FullBufferListener,
    allocate: Allocate = Buffer.allocUnsafeSlow,
  ) {
    this.#bufferBytes = bufferBytes;
    this.#onFull = onFull;
    this.#allocate = allocate;
    this.bytes = allocate(bufferBytes);
    this.view = viewOf(this.bytes);
  }

  /** Bytes since `begin`. */
  get length(): number {
    return this.end - this.start;
  }

  /** Bytes of the finished messages that nobody has taken. */
  get used(): number {
    return this.start - this.#taken;
  }

  /**
   * Starts a message, and forgets one that was not finished.
   *
   * @param room - bytes to leave free before it
   */
  begin(room = 0): void {
    this.end = this.start + room;
  }

  /** The message since `begin`: a view of the buffer, at a place that is not written to again. */
  finish(): Uint8Array {
    const message = this.#part(this.start, this.end);
    this.commit();
    return message;
  }

  /** As `finish`, without a view. */
  commit(): void {
    this.start = this.end;
    if (this.bytes.length > this.#bufferBytes) this.#replace(this.#bufferBytes);
  }

  /** Writes two words into the room that `begin` has left. */
  head(first: number, second: number): void {
    this.view.setUint32(this.start, first);
    this.view.setUint32(this.start + 4, second);
  }

  /** Forgets the message since `begin`, and the memory that only it needed. */
  discard(): void {
    this.end = this.start;
    if (this.bytes.length > this.#bufferBytes) this.#replace(this.#bufferBytes);
  }

  /** The finished messages that nobody has taken. What comes next is written behind them. */
  take(): Uint8Array {
    const messages = this.#part(this.#taken, this.start);
    this.#taken = this.start;
    return messages;
  }

  /** Makes room, so that the bytes may be written unchecked; the message may move to a new buffer. */
  reserve(size: number): void {
    if (this.end + size > this.bytes.length) this.#move(size);
  }

  #move(size: number): void {
    const { bytes, start, end } = this;
    const needed = end - start + size;
    if (needed > MAX_MESSAGE_BYTES) throw new RangeError('The message is larger than 8 MiB.');
    this.#replace(Math.max(this.#bufferBytes, needed * 2));
    this.bytes.set(bytes.subarray(start, end));
    this.end = end - start;
  }

  #replace(size: number): void {
    if (this.used > 0) this.#onFull?.(this.take());
    this.bytes = this.#allocate(size);
    this.view = viewOf(this.bytes);
    this.start = 0;
    this.end = 0;
    this.#taken = 0;
  }

  #part(from: number, to: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + from, to - from);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
