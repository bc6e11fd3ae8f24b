import type { Attributes, Exception, Span } from '@opentelemetry/api';
import { processSlot } from '../process-slot.js';
import { redactText } from '../redaction/redact-text.js';
import { isObject } from './is-object.js';
import { readGuarded } from './outcome/read-guarded.js';

const MAX_CAUSES = 8;
const MAX_INNER_ERRORS = 16;
const MAX_STACK_LENGTH = 4096;

/** Replaces an error's own message and stack, which may hold private values, in spans. */
export interface ErrorDescription {
  /** `exception.type`, `exception.message` and `exception.stacktrace`. */
  readonly exception: { readonly name: string; readonly message: string; readonly stack?: string };
  /** `error.type` of the span that failed first. */
  readonly errorType: string;
  /** Further attributes of that span. */
  readonly attributes?: Attributes;
}

/** Survives a reset: it keeps values out of spans, and whoever asked for that may go on. */
const kept = {
  descriptions: new WeakMap<object, ErrorDescription>(),
  describers: new WeakMap<object, (error: object) => ErrorDescription>(),
};
const { descriptions, describers } = processSlot('error descriptions', () => kept).current;

/** From now on every span that records this error, an outer one too, says this of it. */
export function describeErrorAs(error: unknown, description: ErrorDescription): void {
  if (isObject(error)) descriptions.set(error, description);
}

/** From now on every span that records an error of this very class says this of it. */
export function describeErrorsOf(
  errorClass: abstract new (...args: never[]) => object,
  describe: (error: object) => ErrorDescription,
): void {
  describers.set(errorClass, describe);
}

/**
 * Records a thrown value as `exception` events: one for the value itself, its cause chain in the
 * stack trace, and one for each inner error of an AggregateError. Never throws, whatever was thrown.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/
 */
export function recordException(
  span: Span,
  thrown: unknown,
  description = descriptionOf(thrown),
): void {
  if (description !== undefined) return span.recordException(description.exception);
  span.recordException(describeException(thrown));
  for (const inner of innerErrors(thrown)) span.recordException(describeException(inner));
}

/** The value of `error.type`: the name of the error's class, or the type of a value that is no error. */
export function errorType(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null)
    return thrown === null ? 'null' : typeof thrown;
  const name = readGuarded(thrown, 'name');
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  const className: unknown = readGuarded(readGuarded(thrown, 'constructor'), 'name');
  return typeof className === 'string' && className !== '' ? className : '_OTHER';
}

/** The message of an error, or a thrown value that is none as text. */
export function errorMessage(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null) {
    const message = descriptionOf(thrown)?.exception.message ?? readGuarded(thrown, 'message');
    return typeof message === 'string' ? redactText(message) : '';
  }
  return redactText(String(thrown));
}

/**
 * `code` is left out on purpose: `recordException` of the SDK takes it for the exception's type,
 * which turns `ABORT_ERR` into 20 and every SystemError into its errno.
 */
function describeException(thrown: unknown): Exception {
  const known = descriptionOf(thrown);
  if (known !== undefined) return known.exception;
  const stack = stackWithCauses(thrown);
  const described = { name: errorType(thrown), message: errorMessage(thrown) };
  return stack === undefined ? described : { ...described, stack };
}

function stackWithCauses(thrown: unknown): string | undefined {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  let error = thrown;
  while (isObject(error) && !seen.has(error) && seen.size < MAX_CAUSES) {
    seen.add(error);
    const known = descriptionOf(error);
    const stack = known === undefined ? readGuarded(error, 'stack') : known.exception.stack;
    parts.push(typeof stack === 'string' ? stack : `${errorType(error)}: ${errorMessage(error)}`);
    if (known !== undefined) break;
    error = readGuarded(error, 'cause');
    if (error !== undefined && !isObject(error)) parts.push(errorMessage(error));
  }
  if (parts.length === 0) return undefined;
  return redactText(parts.join('\nCaused by: ')).slice(0, MAX_STACK_LENGTH);
}

function innerErrors(thrown: unknown): readonly unknown[] {
  const errors = isObject(thrown) ? readGuarded(thrown, 'errors') : undefined;
  const aggregate = thrown instanceof AggregateError || errorType(thrown) === 'AggregateError';
  return aggregate && Array.isArray(errors) ? errors.slice(0, MAX_INNER_ERRORS) : [];
}

function descriptionOf(thrown: unknown): ErrorDescription | undefined {
  if (!isObject(thrown)) return undefined;
  const known = descriptions.get(thrown);
  if (known !== undefined) return known;
  const errorClass = readGuarded(thrown, 'constructor');
  return typeof errorClass === 'function' ? describers.get(errorClass)?.(thrown) : undefined;
}
