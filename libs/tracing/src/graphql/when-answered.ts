import { isObject } from '../span/is-object.js';
import { readGuarded } from '../span/outcome/read-guarded.js';

/** The response of Node that Fastify's reply writes. */
interface RawResponse {
  readonly statusCode: number;
  once(event: 'finish', listener: () => void): unknown;
}

/**
 * Tells when the HTTP response of an operation is written, where GraphQL's context object has Fastify's
 * reply, as that of Mercurius does.
 */
export function whenAnswered(shared: object, answered: (status: number) => void): void {
  const raw = readGuarded(readGuarded(shared, 'reply'), 'raw');
  if (!isResponse(raw)) return;
  raw.once('finish', () => answered(raw.statusCode));
}

function isResponse(raw: unknown): raw is RawResponse {
  return (
    isObject(raw) &&
    typeof readGuarded(raw, 'once') === 'function' &&
    typeof readGuarded(raw, 'statusCode') === 'number'
  );
}
