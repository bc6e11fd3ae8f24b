import { BLOCK_HEADER_BYTES, takenOf } from '../transport/shared-slice.js';

/** So many blocks are kept, for bursts; more exist for as long as the export thread is behind with them. */
const MAX_KEPT = 16;

/** Shared memory, and how much of it has been handed over and has come back. */
class Block {
  readonly bytes: Buffer<SharedArrayBuffer>;
  readonly #taken: Int32Array<SharedArrayBuffer>;
  #handedOver = 0;

  constructor(size: number) {
    const memory = new SharedArrayBuffer(BLOCK_HEADER_BYTES + size);
    this.bytes = Buffer.from(memory, BLOCK_HEADER_BYTES, size);
    this.#taken = takenOf(memory);
  }

  handOver(bytes: number): void {
    this.#handedOver += bytes;
  }

  get isFree(): boolean {
    return Atomics.load(this.#taken, 0) === this.#handedOver;
  }

  clear(): void {
    this.#handedOver = 0;
    Atomics.store(this.#taken, 0, 0);
  }
}

/**
 * Memory for slices, which the export thread copies out of it: it is used again and again, for memory
 * that is touched the first time costs more than the spans that are written to it. What came back last
 * comes first, since it may be in the processor's caches yet.
 */
export class SharedBlocks {
  readonly #size: number;
  readonly #waiting: Block[] = [];
  #current: Block | undefined;

  /** @param size of the blocks that are kept, in bytes */
  constructor(size: number) {
    this.#size = size;
  }

  /** Memory of a size, in place of the last, all of which has been handed over. */
  next(size: number): Buffer<SharedArrayBuffer> {
    if (this.#current?.bytes.length === this.#size) this.#keep(this.#current);
    const isKept = size === this.#size;
    const free = isKept ? this.#waiting.findLastIndex((block) => block.isFree) : -1;
    const [block = new Block(size)] = free < 0 ? [] : this.#waiting.splice(free, 1);
    block.clear();
    this.#current = block;
    return block.bytes;
  }

  /** Books a part of the present memory that is handed over. */
  handOver(bytes: number): void {
    this.#current?.handOver(bytes);
  }

  /** What a thread that crashed has not taken is never free, and so leaves in time. */
  #keep(block: Block): void {
    this.#waiting.push(block);
    if (this.#waiting.length > MAX_KEPT) this.#waiting.shift();
  }
}
