import { diag } from '@opentelemetry/api';
import type { AnyValue } from '@opentelemetry/api';

/** Stands for a value that is no attribute value. No legal value is a symbol. */
export const ILLEGAL = Symbol('illegal');

/** A value that is nested deeper than this is none: reading it would exhaust the stack. */
const MAX_DEPTH = 500;

/**
 * Copies a value of an attribute, so that a later change of the application's cannot reach the span.
 * Plain values are answered as they are; nothing is allocated for them.
 *
 * @param limit characters of a text and bytes of a byte array that are kept
 * @returns the value within its limit, or {@link ILLEGAL}
 * @see https://opentelemetry.io/docs/specs/otel/common/#anyvalue
 */
export function legalValue(value: unknown, limit: number): AnyValue | typeof ILLEGAL {
  switch (typeof value) {
    case 'string':
      return value.length <= limit ? value : value.substring(0, limit);
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : legalObject(value, limit, undefined);
    default:
      return ILLEGAL;
  }
}

/** As {@link legalValue} for events: texts, numbers, booleans, and arrays of one of them. */
export function simpleValue(value: unknown, limit: number): AnyValue | typeof ILLEGAL {
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return ILLEGAL;
  if (Array.isArray(value) && !isHomogeneous(value)) return ILLEGAL;
  return legalValue(value, limit);
}

/** The limit as it is to be used: one that makes no sense is told and ignored. */
export function usableLength(limit: number): number {
  if (limit > 0) return limit;
  diag.warn(`Invalid attributeValueLengthLimit: must be positive, got ${limit} (ignoring)`);
  return Infinity;
}

/** The values that lie around the present one: a value within itself has no end. */
interface Path {
  readonly value: object;
  readonly outer: Path | undefined;
}

function legalElement(
  value: unknown,
  limit: number,
  path: Path,
): AnyValue | undefined | typeof ILLEGAL {
  if (typeof value === 'object' && value !== null) return legalObject(value, limit, path);
  return value === undefined ? undefined : legalValue(value, limit);
}

function legalObject(
  value: object,
  limit: number,
  outer: Path | undefined,
): AnyValue | typeof ILLEGAL {
  if (value instanceof Uint8Array) return value.length <= limit ? value : value.slice(0, limit);
  if (isTooDeep(value, outer)) return ILLEGAL;
  const path = { value, outer };
  return Array.isArray(value) ? legalArray(value, limit, path) : legalMap(value, limit, path);
}

function legalArray(
  values: readonly unknown[],
  limit: number,
  path: Path,
): AnyValue | typeof ILLEGAL {
  const copy: (AnyValue | undefined)[] = [];
  for (const value of values) {
    const legal = legalElement(value, limit, path);
    if (legal === ILLEGAL) return ILLEGAL;
    copy.push(legal);
  }
  return copy as AnyValue;
}

function legalMap(map: object, limit: number, path: Path): AnyValue | typeof ILLEGAL {
  if (map.constructor !== Object && (map.constructor as unknown) !== undefined) return ILLEGAL;
  const copy: Record<string, AnyValue> = {};
  for (const key of Object.keys(map)) {
    const legal = legalElement((map as Record<string, unknown>)[key], limit, path);
    if (legal === ILLEGAL) return ILLEGAL;
    if (legal !== undefined) copy[key] = legal;
  }
  return copy;
}

/** Whether a value lies within itself, or so deep that nobody will read it. */
function isTooDeep(value: object, path: Path | undefined): boolean {
  let depth = 0;
  for (let at = path; at !== undefined; at = at.outer) {
    depth += 1;
    if (at.value === value || depth > MAX_DEPTH) return true;
  }
  return false;
}

function isHomogeneous(values: readonly unknown[]): boolean {
  let type: string | undefined;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    type ??= typeof value;
    if (typeof value !== type) return false;
  }
  return type === undefined || type === 'string' || type === 'number' || type === 'boolean';
}
