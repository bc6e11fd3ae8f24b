import type { AnyValue, Attributes } from '@opentelemetry/api';

/** Names keys and values by turns in the options of a span, which may hold whatever else. */
export const PAIRS = Symbol('nestjs-tracing attribute pairs');

/** Where a key stands, or -1. */
export function indexOf(pairs: readonly unknown[], key: string): number {
  for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === key) return at;
  return -1;
}

/** Gives an object attributes that are keys and values by turns. */
export function setPairs(object: Attributes, pairs: readonly unknown[]): void {
  for (let at = 0; at < pairs.length; at += 2) {
    setOwn(object, pairs[at] as string, pairs[at + 1] as AnyValue);
  }
}

/** A key may be `__proto__`, which a plain assignment would make the object's prototype. */
export function setOwn(object: Attributes, key: string, value: AnyValue): void {
  if (key !== '__proto__') object[key] = value;
  else
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
