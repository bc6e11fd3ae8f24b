import { inspect, types } from 'node:util';
import { assertCloneable } from './cloneable.js';
import { classNames, knownPrototype } from './known-errors.js';

/** How deep a chain of causes or nested AggregateErrors goes across. */
const MAX_DEPTH = 16;

const CARRIED_APART = new Set(['name', 'message', 'stack', 'cause', 'errors']);

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
export interface EncodedError {
  readonly classes: readonly string[];
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

/** Encodes whatever was thrown: errors with all that they say, other values as they are. */
export function encodeThrown(thrown: unknown, depth = 0): EncodedThrown {
  if (!types.isNativeError(thrown) && !(thrown instanceof Error)) {
    return { value: isCloneable(thrown) ? thrown : describe(thrown) };
  }
  const { cause, errors } = thrown as { cause?: unknown; errors?: unknown };
  const nested = depth < MAX_DEPTH;
  return {
    error: {
      classes: classNames(thrown),
      name: String(thrown.name),
      message: String(thrown.message),
      stack: thrown.stack,
      fields: ownFields(thrown),
      ...(nested && cause !== undefined ? { cause: encodeThrown(cause, depth + 1) } : {}),
      ...(nested && Array.isArray(errors)
        ? { errors: errors.map((inner) => encodeThrown(inner, depth + 1)) }
        : {}),
    },
  };
}

/** Makes the thrown value again. The stack is the one of where it was thrown. */
export function decodeThrown(encoded: EncodedThrown, find: FindPrototype): unknown {
  if (!('error' in encoded)) return encoded.value;
  const { classes, name, message, stack, fields, cause, errors } = encoded.error;
  if (classes[0] === 'DOMException') return hide(new DOMException(message, name), 'stack', stack);
  const error: Error = new Error(message);
  Object.setPrototypeOf(error, find(classes) ?? knownPrototype(classes));
  Object.assign(error, fields);
  if (error.name !== name) hide(error, 'name', name);
  hide(error, 'stack', stack);
  if (cause !== undefined) hide(error, 'cause', decodeThrown(cause, find));
  if (errors === undefined) return error;
  return hide(
    error,
    'errors',
    errors.map((inner) => decodeThrown(inner, find)),
  );
}

function ownFields(error: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    if (CARRIED_APART.has(key)) continue;
    const value = read(error, key);
    if (isCloneable(value)) fields[key] = value;
  }
  return fields;
}

/** A getter of the application may throw: then there is nothing to carry. */
function read(error: object, key: string): unknown {
  try {
    return (error as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** Not every object can be made a text by itself: one without a prototype has no `toString`. */
function describe(thrown: unknown): string {
  return inspect(thrown, { depth: 0, customInspect: false });
}

function isCloneable(value: unknown): boolean {
  try {
    assertCloneable(value, '');
    return true;
  } catch {
    return false;
  }
}

/** Sets what an error has, but does not list. */
function hide(error: Error, key: string, value: unknown): Error {
  return Object.defineProperty(error, key, { value, writable: true, configurable: true });
}
