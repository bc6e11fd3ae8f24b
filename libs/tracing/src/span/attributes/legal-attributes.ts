import { diag } from '@opentelemetry/api';
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { AttributeLimits } from '../runtime.js';
import { runtime } from '../runtime.js';
import { guard } from '../guard.js';

/** Keys that would reach an object's prototype instead of becoming attributes. */
const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype', '']);

/**
 * Makes attributes from an application's callback legal: strings, numbers, booleans and flat arrays
 * of one of them, within the module's limits. Dates become ISO strings and bigints numbers or
 * strings; objects and functions are dropped, with one warning for each key. Never throws.
 *
 * @see https://opentelemetry.io/docs/specs/otel/common/#attribute
 */
export function legalAttributes(raw: unknown): Attributes {
  return addLegalAttributes({}, raw);
}

/** As `legalAttributes`, into a set that holds legal ones already: what is new replaces what was there. */
export function addLegalAttributes(legal: Attributes, raw: unknown): Attributes {
  if (typeof raw !== 'object' || raw === null) return legal;
  const limits = runtime().attributeLimits;
  let count = 0;
  for (const key of keysOf(raw)) {
    if (count >= limits.count) {
      diag.warn(`nestjs-tracing: more than ${limits.count} attributes, the rest is dropped`);
      break;
    }
    const value = legalEntry(raw, key, limits);
    if (value === undefined) continue;
    legal[key] = value;
    count += 1;
  }
  return legal;
}

/** A proxy may refuse to name its keys. */
function keysOf(raw: object): readonly string[] {
  return guard('reading attribute keys', () => Object.keys(raw)) ?? [];
}

function legalEntry(raw: object, key: string, limits: AttributeLimits): AttributeValue | undefined {
  if (REFUSED_KEYS.has(key)) return dropped(key, 'its key is not allowed');
  try {
    return legalValue(key, (raw as Record<string, unknown>)[key], limits);
  } catch (error) {
    return dropped(key, `reading it threw ${String(error)}`);
  }
}

function legalValue(
  key: string,
  value: unknown,
  limits: AttributeLimits,
): AttributeValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return legalArray(key, value, limits);
  const scalar = legalScalar(value, limits.valueLength);
  return scalar ?? dropped(key, reasonAgainst(key, value));
}

function legalScalar(value: unknown, length: number): string | number | boolean | undefined {
  switch (typeof value) {
    case 'string':
      return truncate(value, length);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : truncate(String(value), length);
    default:
      return value instanceof Date ? value.toISOString() : undefined;
  }
}

function legalArray(
  key: string,
  values: readonly unknown[],
  limits: AttributeLimits,
): AttributeValue | undefined {
  const legal = values
    .slice(0, limits.count)
    .map((value) => (value == null ? null : legalScalar(value, limits.valueLength)));
  const types = new Set(legal.filter((value) => value !== null).map((value) => typeof value));
  if (types.size > 1 || types.has('undefined')) {
    return dropped(key, 'an array must hold strings, numbers or booleans, of one type');
  }
  return legal as AttributeValue;
}

function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? length - 1 : length);
}

function reasonAgainst(key: string, value: unknown): string {
  if (typeof value !== 'object') return `a value of type ${typeof value} is no attribute value`;
  return `an object is no attribute value; name its parts, as in { '${key}.id': ${key}.id }`;
}

function dropped(key: string, reason: string): undefined {
  runtime().attributeWarnings.say(key, reason);
}
