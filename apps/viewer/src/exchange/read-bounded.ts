import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';

/**
 * Reads a file, or a pipe, which has no size beforehand: never more than one byte beyond the limit.
 *
 * @throws Error if there is more.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const content = await buffer(createReadStream(path, { end: maxBytes }));
  if (content.length <= maxBytes) return content;
  throw new Error(`The file is over ${maxBytes} bytes: split it.`);
}
