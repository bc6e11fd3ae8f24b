import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
const PREFIX_BYTES = 5;
/** A response says little; more than this is not read. */
const MAX_BYTES = 64 * 1024;

/** Returns a message as gRPC frames it: whether it is packed, its length, its bytes. */
export async function frameOf(message: Uint8Array, isPacked: boolean): Promise<Buffer> {
  const body = isPacked ? await compress(message) : message;
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix[0] = isPacked ? 1 : 0;
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

/** Gathers the one message of a response. */
export class FrameReader {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    if (this.#length < MAX_BYTES) this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The message, or undefined as long as it is not there. One that is too long or packed is empty. */
  get message(): Uint8Array | undefined {
    if (this.#length < PREFIX_BYTES) return undefined;
    const bytes = Buffer.concat(this.#chunks);
    const end = PREFIX_BYTES + bytes.readUInt32BE(1);
    if (this.#length < end) return undefined;
    return bytes[0] === 0 && end <= bytes.length
      ? bytes.subarray(PREFIX_BYTES, end)
      : new Uint8Array();
  }
}
