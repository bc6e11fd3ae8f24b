import { MAX_PARTS } from '../limits.js';
import { Refusal } from '../refusal.error.js';
import { tooManyParts } from './wire-check.js';

const COMMA = 0x2c;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/**
 * A JSON body as its message.
 *
 * @throws Refusal if it is no JSON or of too many parts; those in texts count, too: one byte is one look.
 */
export function parseJsonMessage(body: Uint8Array): unknown {
  if (countParts(body) > MAX_PARTS) throw tooManyParts();
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString()) as unknown;
  } catch (cause) {
    throw new Refusal('malformed', 'The body is no JSON, or it was cut off.', { cause });
  }
}

/** How many objects, lists and fields a JSON text may make; those in texts count, too. */
export function countParts(body: Uint8Array): number {
  let parts = 0;
  // By index: an iterator costs four times as much here, and this sees every byte.
  for (let index = 0; index < body.length; index++) {
    const byte = body[index];
    if (byte === COMMA || byte === BRACE || byte === BRACKET) parts += 1;
  }
  return parts;
}
