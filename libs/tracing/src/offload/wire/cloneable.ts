import { inspect, types } from 'node:util';
import { OffloadDataError } from '../offload.error.js';
import { classNameOf } from './read-safely.js';

interface Walk {
  readonly seen: Set<unknown>;
  readonly transferred: readonly unknown[];
}

/**
 * Makes sure that a value arrives as it is. Functions and symbols cannot be cloned; instances of a
 * class can, but arrive without their class, which nobody expects.
 *
 * @param root what the value is called in the error: `input` or `result`
 * @throws OffloadDataError naming the path of the first field that cannot cross
 */
export function assertCloneable(
  value: unknown,
  root: string,
  transferred: readonly unknown[] = [],
): void {
  if (isPlainScalar(value)) return;
  visit(value, root, { seen: new Set(), transferred });
}

function isPlainScalar(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && !isUncloneableScalar(value));
}

function isUncloneableScalar(value: unknown): boolean {
  return typeof value === 'function' || typeof value === 'symbol';
}

function visit(value: unknown, path: string, walk: Walk): void {
  if (isUncloneableScalar(value)) refuse(path, `a ${typeof value}`);
  if (typeof value !== 'object' || value === null || walk.seen.has(value)) return;
  walk.seen.add(value);
  if (types.isProxy(value)) refuse(path, 'a Proxy');
  if (Array.isArray(value)) return visitArray(value, path, walk);
  if (isPlainObject(value)) return visitFields(value, path, walk);
  if (types.isMap(value)) return visitMap(value, path, walk);
  if (types.isSet(value)) return visitSet(value, path, walk);
  if (!isClonedWhole(value) && !walk.transferred.includes(value)) refuse(path, describe(value));
}

/** Most arrays hold scalars only: no path is written for those. */
function visitArray(values: readonly unknown[], path: string, walk: Walk): void {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (!isPlainScalar(value)) visit(value, `${path}[${index}]`, walk);
  }
}

function visitFields(value: object, path: string, walk: Walk): void {
  for (const key of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (!isPlainScalar(field)) visit(field, `${path}.${key}`, walk);
  }
}

function visitMap(map: Map<unknown, unknown>, path: string, walk: Walk): void {
  Map.prototype.forEach.call(map, (value, key) => {
    visit(key, `${path} key`, walk);
    visit(value, `${path}.get(${keyText(key)})`, walk);
  });
}

function keyText(key: unknown): string {
  const isText = typeof key === 'string';
  return isText ? JSON.stringify(key) : inspect(key, { depth: 0, customInspect: false });
}

/** As the clone reads it: an iterator that its class has of its own is not asked. */
function visitSet(set: Set<unknown>, path: string, walk: Walk): void {
  Set.prototype.forEach.call(set, (item) => visit(item, `${path}{}`, walk));
}

/** Of any realm: the prototype is `Object.prototype` of somewhere, or none. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    Object.getPrototypeOf(prototype) === null
  );
}

/** Whether the platform clones a value without a loss; an unusual object is cloned to see it. */
function isClonedWhole(value: object): boolean {
  if (types.isArrayBufferView(value)) return !isDetached(value.buffer);
  if (types.isAnyArrayBuffer(value)) return !isDetached(value);
  if (types.isDate(value) || types.isRegExp(value) || types.isNativeError(value)) return true;
  try {
    return Object.getPrototypeOf(structuredClone(value)) === Object.getPrototypeOf(value);
  } catch {
    return false;
  }
}

function isDetached(buffer: ArrayBufferLike): boolean {
  return 'detached' in buffer && buffer.detached;
}

function describe(value: object): string {
  if (types.isArrayBufferView(value) || types.isAnyArrayBuffer(value)) return 'a detached buffer';
  return `an instance of class ${classNameOf(value)}`;
}

function refuse(path: string, what: string): never {
  throw new OffloadDataError(
    `${path} is ${what}, which cannot cross to another thread. ` +
      'Pass plain data: objects, arrays, Map, Set, Date, buffers, texts, numbers.',
  );
}
