import { errorMessage } from '../../span/exception.js';
import { OffloadDataError } from '../offload.error.js';
import { classNameOf } from './read-safely.js';

/**
 * Keeps what of a type survives JSON: `never` stands where something does not, so that a value of the type
 * is no value of this one. `unknown` stays and is checked when the call is made.
 *
 * @example
 * ```ts
 * type Sent = AsJson<{ at: Date; name: string }>; // at: what is left of a Date; name: string
 * ```
 */
export type AsJson<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends bigint | symbol | ((...args: never[]) => unknown)
      ? never
      : { [Key in keyof T]: AsJson<T[Key]> };

/**
 * The input of a task, if it is JSON.
 *
 * @example
 * ```ts
 * declare function send<I>(input: JsonInput<I>): void;
 * send({ name: 'a' }); // compiles
 * send({ call: () => 1 }); // does not
 * ```
 */
export type JsonInput<I> = [I] extends [AsJson<I>] ? I : AsJson<I>;

/**
 * Makes sure that a value is the same on the other side of JSON. A field that is undefined is no
 * field there, which is let pass.
 *
 * @param root what the value is called in the error: `input` or `result`
 * @throws OffloadDataError naming the path of the first field that JSON cannot hold
 */
export function assertJson(value: unknown, root: string): void {
  if (value !== undefined) visit(value, root, []);
}

/** Whether JSON can hold a value. */
export function isJson(value: unknown): boolean {
  try {
    assertJson(value, '');
    return true;
  } catch {
    return false;
  }
}

function visit(value: unknown, path: string, above: readonly object[]): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') return assertFinite(value, path);
  if (typeof value !== 'object')
    return refuse(path, value === undefined ? 'undefined' : `a ${typeof value}`);
  if (above.includes(value)) refuse(path, 'a reference to what holds it');
  const inside = [...above, value];
  if (Array.isArray(value)) return visitItems(value, path, inside);
  if (!isPlainSafely(value, path)) refuse(path, `an instance of class ${classNameOf(value)}`);
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) visit(field, `${path}.${key}`, inside);
  }
}

/** Counted, as a hole is no entry of its own. */
function visitItems(items: readonly unknown[], path: string, inside: readonly object[]): void {
  for (let index = 0; index < items.length; index += 1) {
    visit(items[index], `${path}[${index}]`, inside);
  }
}

function assertFinite(value: number, path: string): void {
  if (!Number.isFinite(value)) refuse(path, String(value));
}

/** A Proxy may throw when it is looked at, as it would when it is made JSON. */
function isPlainSafely(value: object, path: string): boolean {
  try {
    return isPlain(value);
  } catch (error) {
    return refuse(path, `an object that cannot be read (${errorMessage(error)})`);
  }
}

/** Of any realm: the prototype is `Object.prototype` of somewhere, or none. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refuse(path: string, what: string): never {
  throw new OffloadDataError(
    `${path} is ${what}, which cannot travel as JSON. ` +
      'Pass objects, arrays, texts, finite numbers, booleans and null.',
  );
}
