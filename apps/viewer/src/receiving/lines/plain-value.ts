import type { AttributeMap, AttributeValue } from '../../telemetry.interface.js';
import { boundedText } from '../otlp/fields.js';
import { bareMap } from '../bare-map.js';
import { MAX_VALUE_DEPTH } from '../limits.js';

/** A parsed JSON value as an attribute; what lies too deep for one is left out. */
export function plainValue(value: unknown, depth = 0): AttributeValue {
  if (typeof value === 'string') return boundedText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_VALUE_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1));
  return plainMap(value as Record<string, unknown>, depth + 1);
}

/** A parsed JSON object as attributes, without a prototype, so that no key is special. */
export function plainMap(record: Readonly<Record<string, unknown>>, depth = 0): AttributeMap {
  const map = bareMap();
  for (const [key, value] of Object.entries(record)) {
    map[boundedText(key)] = plainValue(value, depth);
  }
  return map;
}
