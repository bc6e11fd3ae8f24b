import { errorMessage, errorType } from '../../span/exception.js';
import type { ErrorDescription } from '../../span/exception.js';
import { isObject } from '../../span/is-object.js';
import { readGuarded } from '../../span/outcome/read-guarded.js';

/** What a reply may name an error by: a code first, as the conventions want it, then its name. */
const NAMES = ['code', 'statusCode', 'status', 'name', 'error'] as const;
/** A name of few values, not a sentence that holds some. */
const NAME = /^[\w.:-]{1,64}$/;
/** The `status` of every reply that Nest's own filter has made. */
const SAYS_NOTHING = 'error';
/** Stands for an error that nobody has named. */
const UNKNOWN_ERROR = '_OTHER';

/**
 * Describes what a request failed with. A server answers with what its filter has made of the error,
 * `{ status: 'error', message }` by default, whose class says nothing; undefined for an error, which the
 * client has met itself.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/
 */
export function describeReply(error: unknown): ErrorDescription | undefined {
  if (error instanceof Error) return undefined;
  const type = isObject(error) ? nameIn(error) : undefined;
  const exception = { name: errorType(error), message: messageOf(error) };
  return { errorType: type ?? UNKNOWN_ERROR, exception };
}

function nameIn(reply: object): string | undefined {
  for (const name of NAMES) {
    const value = readGuarded(reply, name);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text !== SAYS_NOTHING && NAME.test(text)) return text;
  }
  return undefined;
}

function messageOf(error: unknown): string {
  const message = isObject(error) ? readGuarded(error, 'message') : undefined;
  return isObject(message) ? errorMessage(message) : errorMessage(error);
}
