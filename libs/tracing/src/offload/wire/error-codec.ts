import { isKnown, knownPrototype } from './known-errors.js';
import { readSafely } from './read-safely.js';

/**
 * A thrown value in a form that crosses threads and processes.
 *
 * @example
 * ```ts
 * if ('error' in thrown) console.error(thrown.error.name, thrown.error.message);
 * ```
 */
export type EncodedThrown = { readonly value: unknown } | { readonly error: EncodedError };

/** An error, with the names of its classes from its own to `Error`. */
interface EncodedError {
  readonly classes: readonly string[];
  /** The export of the task's file that its class is, or the nearest of its classes that is one. */
  readonly exported?: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own enumerable fields that can cross. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: EncodedThrown;
  /** Of an AggregateError. */
  readonly errors?: readonly EncodedThrown[];
}

/** Finds the prototype of an error's class among those that only this side knows. */
export type FindPrototype = (classes: readonly string[]) => object | undefined;

/**
 * Makes the thrown value again. The stack is the one of where it was thrown. No constructor runs.
 *
 * @param find finds the prototypes that are not known everywhere
 */
export function decodeThrown(
  encoded: EncodedThrown,
  find: (error: EncodedError) => object | undefined,
): unknown {
  if (!('error' in encoded)) return encoded.value;
  const { classes, name, message, stack, fields, cause, errors } = encoded.error;
  if (classes[0] === 'DOMException') return hide(new DOMException(message, name), 'stack', stack);
  const error: Error = new Error(message);
  Object.setPrototypeOf(error, find(encoded.error) ?? knownPrototype(classes));
  for (const [key, value] of Object.entries(fields)) show(error, key, value);
  if (readSafely(error, 'name') !== name) hide(error, 'name', name);
  hide(error, 'stack', stack);
  if (cause !== undefined) hide(error, 'cause', decodeThrown(cause, find));
  if (errors === undefined) return error;
  return hide(
    error,
    'errors',
    errors.map((inner) => decodeThrown(inner, find)),
  );
}

/** Whether an error, or one inside of it, names an export as its class. */
export function namesExport(encoded: EncodedThrown): boolean {
  return hasError(encoded, ({ exported }) => exported !== undefined);
}

/** Whether an error, or one inside of it, is of a class that the task's file may export. */
export function mayNameExport(encoded: EncodedThrown): boolean {
  return hasError(encoded, ({ classes }) => !isKnown(classes));
}

function hasError(encoded: EncodedThrown, is: (error: EncodedError) => boolean): boolean {
  if (!('error' in encoded)) return false;
  const { cause, errors = [] } = encoded.error;
  const inside = cause === undefined ? errors : [cause, ...errors];
  return is(encoded.error) || inside.some((inner) => hasError(inner, is));
}

/** Sets a field whatever accessors its class has. */
function show(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** Sets what an error has, but does not list. */
function hide(error: Error, key: string, value: unknown): Error {
  return Object.defineProperty(error, key, { value, writable: true, configurable: true });
}
