import type { IncomingMessage } from 'node:http';

/** A response says little; more than this is not read. */
const MAX_BYTES = 64 * 1024;
/** After its headers nothing is far: the body decides only what of the spans was rejected. */
const MAX_MILLIS = 500;

/** The body of a response, as far as it came. */
export interface ResponseBody {
  readonly bytes: Uint8Array;
  /** Whole as it should be, cut off or not over in time, or longer than a response can be. */
  readonly end: 'whole' | 'cut' | 'too long';
}

/** Reads a body as far as it is of use. */
export async function readBody(response: IncomingMessage): Promise<ResponseBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => response.destroy(), MAX_MILLIS).unref();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BYTES) return { bytes: new Uint8Array(), end: 'too long' };
      chunks.push(chunk);
    }
  } catch {
    return { bytes: Buffer.concat(chunks), end: 'cut' };
  } finally {
    clearTimeout(timer);
  }
  return { bytes: Buffer.concat(chunks), end: 'whole' };
}
