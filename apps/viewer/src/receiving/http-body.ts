import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const inflate = promisify(gunzip);

/** The body of a request, inflated if it came gzipped. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const raw = await buffer(request);
  return request.headers['content-encoding'] === 'gzip'
    ? inflate(raw, { maxOutputLength: MAX_BODY_BYTES })
    : raw;
}
