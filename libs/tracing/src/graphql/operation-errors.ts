import type { Entry } from '../entry/entry.js';
import { isObject } from '../span/is-object.js';
import { readGuarded } from '../span/outcome/read-guarded.js';

/** Further errors of one response say little more. */
const MAX_ERRORS = 32;
/** `GraphQLError` of `GraphQLError`: drivers wrap them again. */
const MAX_DEPTH = 8;

/**
 * Ends an operation with the errors of its response: with what was thrown, not with what GraphQL or a filter
 * made of it. What a filter has handled is no error of the response and stays an event.
 */
export function endWithErrors(entry: Entry, errors: unknown): void {
  const thrown = Array.isArray(errors)
    ? errors.slice(0, MAX_ERRORS).map((error) => thrownIn(entry, error))
    : [];
  if (thrown.length === 0) return entry.succeed();
  const unseen = thrown.filter((error) => !isTold(entry, error));
  // An exception that was seen and is not in the response is there as what its filter has made of it.
  const madeByFilters = Math.max(0, entry.seen.count - (thrown.length - unseen.length));
  for (const error of unseen.slice(madeByFilters)) entry.threw(asError(error));
  entry.settle();
}

/** Whether an error is on the span, or may be: Mercurius has made plain objects of them all by now. */
function isTold(entry: Entry, error: unknown): boolean {
  return entry.seen.has(error) || (!(error instanceof Error) && entry.seen.count > 0);
}

/** An error of a response that has lost its class, under the name that it had. */
function asError(error: unknown): unknown {
  const message = readGuarded(error, 'message');
  if (error instanceof Error || typeof message !== 'string') return error;
  const name = 'GraphQLError';
  const extensions = readGuarded(error, 'extensions');
  return Object.assign(new Error(message), { name, stack: `${name}: ${message}`, extensions });
}

/**
 * Returns what a resolver threw. Of an error that is GraphQL's own the outermost has the code by which
 * Apollo classifies it.
 */
function thrownIn(entry: Entry, error: unknown): unknown {
  let original = error;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const inner = isObject(original) ? readGuarded(original, 'originalError') : undefined;
    if (!isObject(inner)) break;
    original = inner;
  }
  return isGraphqlError(original) && !entry.seen.has(original) ? error : original;
}

function isGraphqlError(error: unknown): boolean {
  return Object.prototype.toString.call(error) === '[object GraphQLError]';
}
