import type { AttributeValue, Attributes } from '@opentelemetry/api';

/** Stands at the end of a text that was cut. */
const MARK = '…';

/** Cuts a text to so many characters, never between the halves of a pair. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - MARK.length - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, length - MARK.length - (splitsPair ? 1 : 0)) + MARK;
}

/** Cuts the values of attributes: each keeps so many characters, bytes and elements together. */
export function cutAttributes(attributes: Attributes, length: number): Attributes {
  const cut = Object.create(null) as Attributes;
  for (const [key, value] of Object.entries(attributes)) {
    cut[key] = cutValue(value, length) as AttributeValue;
  }
  return cut;
}

function cutValue(value: unknown, length: number): unknown {
  if (typeof value === 'string') return cutText(value, length);
  if (value instanceof Uint8Array) return value.subarray(0, length);
  if (Array.isArray(value)) return cutArray(value, length);
  if (typeof value !== 'object' || value === null) return value;
  const kept = cutArray(Object.entries(value), length) as [string, unknown][];
  return Object.fromEntries(kept);
}

/** The first elements, as many as have room. */
function cutArray(values: readonly unknown[], length: number): unknown[] {
  const kept: unknown[] = [];
  let left = length;
  for (const value of values) {
    const size = roughSize(value);
    if (size > left && kept.length > 0) break;
    kept.push(size > left ? cutValue(value, left) : value);
    left -= size;
    if (left <= 0) break;
  }
  return kept;
}

function roughSize(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length + 1;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + roughSize(each), 8);
}
