import { types } from 'node:util';
import { isObject } from '../../span/is-object.js';
import type { SayShared } from './loader-tracing.js';
import { isLoader, traceLoader } from './loader-tracing.js';

/** A context object has few things; one that has more is not looked through. */
const MAX_PROPERTIES = 32;
/** Nobody keeps loaders in these, and they are large. */
const SKIPPED = new Set(['req', 'res', 'request', 'reply', 'response', 'socket', 'app', 'extra']);

/**
 * Traces the loaders that an object holds, or a plain object in it, as `{ loaders: { users } }`. No getter
 * is run and no Proxy is asked.
 */
export function traceLoadersIn(holder: object, sayShared: SayShared): void {
  for (const value of valuesOf(holder)) {
    if (isLoader(value)) traceLoader(value, sayShared);
    else if (isPlain(value)) {
      for (const inner of valuesOf(value)) if (isLoader(inner)) traceLoader(inner, sayShared);
    }
  }
}

/** Of Mercurius the operations of a batch inherit from the context of their request. */
function valuesOf(holder: object): object[] {
  const values: object[] = [];
  let owner: object | null = holder;
  while (owner !== null && owner !== Object.prototype && !types.isProxy(owner)) {
    values.push(...ownValuesOf(owner));
    owner = Reflect.getPrototypeOf(owner);
  }
  return values;
}

function ownValuesOf(owner: object): object[] {
  const keys = Object.keys(owner).slice(0, MAX_PROPERTIES);
  return keys.flatMap((key) => {
    if (SKIPPED.has(key)) return [];
    const value: unknown = Object.getOwnPropertyDescriptor(owner, key)?.value;
    return isObject(value) && !types.isProxy(value) ? value : [];
  });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
