import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { MAX_BODY_BYTES, MAX_PENDING_BYTES } from './limits.js';
import { Refusal } from './refusal.error.js';
import { tooLarge } from './too-large.js';

/** Reads bodies: none above its limit, not all of them at once above theirs, none forever. */
@Injectable()
export class BodyReader {
  #pendingBytes = 0;

  constructor(
    @Inject(VIEWER_OPTIONS) private readonly options: Pick<ViewerOptions, 'timeoutMillis'>,
  ) {}

  /**
   * Collects a body and hands it to `take`, during which its bytes still count. The stream is never
   * destroyed, so that a refusal can be answered.
   */
  async read<T>(stream: Readable, take: (body: Buffer) => T): Promise<T> {
    let size = 0;
    const count = (bytes: number) => {
      size += bytes;
      this.#pendingBytes += bytes;
      if (this.#pendingBytes > MAX_PENDING_BYTES) throw tooMany();
    };
    try {
      return take(await this.#collect(stream, MAX_BODY_BYTES, count));
    } finally {
      this.#pendingBytes -= size;
    }
  }

  /** Collects one body of another limit, of which the caller lets there be one at a time. */
  async readLarge(stream: Readable, maxBytes: number): Promise<Buffer> {
    return await this.#collect(stream, maxBytes, () => undefined);
  }

  async #collect(
    stream: Readable,
    maxBytes: number,
    count: (bytes: number) => void,
  ): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    const add = (chunk: Buffer) => {
      size += chunk.length;
      count(chunk.length);
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    };
    await collect(stream, add, this.options.timeoutMillis);
    return Buffer.concat(chunks);
  }
}

function collect(stream: Readable, add: (chunk: Buffer) => void, millis: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(tooSlow(millis)), millis);
  const take = (chunk: Buffer) => {
    try {
      add(chunk);
    } catch (error) {
      reject(error);
      stream.off('data', take).resume();
    }
  };
  const brokenOff = () => reject(new Refusal('broken_off', 'The sender went away.'));
  stream.on('data', take).on('end', resolve).on('error', brokenOff).on('close', brokenOff);
  return promise.finally(() => {
    clearTimeout(timer);
    stream.off('data', take).resume();
  });
}

function tooMany(): Refusal {
  return new Refusal('too_many', 'Too much is on its way at once: send it again, later.');
}

function tooSlow(millis: number): Refusal {
  return new Refusal('too_slow', `A body did not arrive within ${millis} ms: send it again.`);
}
