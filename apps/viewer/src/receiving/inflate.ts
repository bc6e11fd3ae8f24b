import { gunzipSync } from 'node:zlib';
import { MAX_BODY_BYTES } from './limits.js';
import { Refusal } from './refusal.error.js';
import { tooLarge } from './too-large.js';

/** Inflates a body, at most to its limit; in one go, so that two never do it at once. */
export function inflate(body: Buffer, maxBytes = MAX_BODY_BYTES): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new Refusal('malformed', 'The body is no gzip, or it was cut off.', { cause });
  }
}
