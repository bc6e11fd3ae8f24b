import { inspect, types } from 'node:util';
import { assertCloneable } from './cloneable.js';
import type { EncodedThrown } from './error-codec.js';
import type { NamesErrors } from './exported-errors.js';
import { classNames } from './known-errors.js';
import { attempt, readSafely } from './read-safely.js';

/** How deep a chain of causes or nested AggregateErrors goes across. */
const MAX_DEPTH = 16;

/** How many errors go across with one: those of a list may hold each other. */
const MAX_ERRORS = 256;

const CARRIED_APART = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/**
 * Encodes whatever was thrown: errors with all that they say, other values as they are. Never throws,
 * whatever is thrown.
 *
 * @param names names the classes that the task's file exports
 */
export function encodeThrown(thrown: unknown, names?: NamesErrors): EncodedThrown {
  return new ThrownEncoder(names).encode(thrown, 0);
}

class ThrownEncoder {
  readonly #names: NamesErrors | undefined;
  #errors = 0;

  constructor(names: NamesErrors | undefined) {
    this.#names = names;
  }

  encode(thrown: unknown, depth: number): EncodedThrown {
    if (!isError(thrown)) return { value: isCloneable(thrown) ? thrown : describe(thrown) };
    this.#errors += 1;
    const exported = attempt(() => this.#names?.nameOf(thrown));
    const stack = readSafely(thrown, 'stack');
    return {
      error: {
        classes: classNames(thrown),
        ...(exported === undefined ? {} : { exported }),
        name: textOf(thrown, 'name'),
        message: textOf(thrown, 'message'),
        stack: typeof stack === 'string' ? stack : undefined,
        fields: ownFields(thrown),
        ...(depth < MAX_DEPTH ? this.#inside(thrown, depth + 1) : {}),
      },
    };
  }

  #inside(thrown: Error, depth: number): { cause?: EncodedThrown; errors?: EncodedThrown[] } {
    const cause = readSafely(thrown, 'cause');
    const errors = attempt(() => listOf(readSafely(thrown, 'errors')));
    return {
      ...(cause === undefined || this.#full ? {} : { cause: this.encode(cause, depth) }),
      ...(errors === undefined ? {} : { errors: this.#list(errors, depth) }),
    };
  }

  #list(errors: readonly unknown[], depth: number): EncodedThrown[] {
    const encoded: EncodedThrown[] = [];
    for (const error of errors) {
      if (this.#full) break;
      encoded.push(this.encode(error, depth));
    }
    return encoded;
  }

  get #full(): boolean {
    return this.#errors >= MAX_ERRORS;
  }
}

/** A Proxy may throw when it is asked for its class: then it is a value that somebody threw. */
function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || attempt(() => thrown instanceof Error) === true;
}

/** A list that is a Proxy may throw while it is read. */
function listOf(errors: unknown): unknown[] | undefined {
  return Array.isArray(errors) ? Array.from<unknown>(errors) : undefined;
}

function ownFields(error: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of attempt(() => Object.keys(error)) ?? []) {
    if (CARRIED_APART.has(key)) continue;
    const value = readSafely(error, key);
    if (isCloneable(value)) fields[key] = value;
  }
  return fields;
}

function textOf(error: object, key: string): string {
  const value = readSafely(error, key);
  if (typeof value === 'string') return value;
  return value === undefined ? '' : describe(value);
}

/** Not every object can be made a text by itself: one without a prototype has no `toString`. */
function describe(thrown: unknown): string {
  return attempt(() => inspect(thrown, { depth: 0, customInspect: false })) ?? typeof thrown;
}

function isCloneable(value: unknown): boolean {
  return attempt(() => (assertCloneable(value, ''), true)) === true;
}
