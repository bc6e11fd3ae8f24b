import { Duplex } from 'node:stream';

type Written = { chunk: Buffer }[];

/** A socket without a network: what is written to it is told, what is pushed into it has come. */
export class MemorySocket extends Duplex {
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 50_000;
  readonly #told: (bytes: Buffer) => void;

  constructor(told: (bytes: Buffer) => void) {
    super({ decodeStrings: true });
    this.#told = told;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#told(chunk);
    done();
  }

  override _writev(chunks: Written, done: () => void): void {
    this.#told(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }
}
