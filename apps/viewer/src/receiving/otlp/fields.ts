import { MAX_TEXT_CHARS } from '../limits.js';
import { Refusal } from '../refusal.error.js';

/**
 * A message whose fields may be anything: the readers below check each as it is decoded.
 *
 * One pass, no copy, and the first fault ends it. A schema (zod) was measured: five to ten times this
 * for 5,000 spans, no depth it can bear, and every fault of a body collected, a gigabyte for 2 MB.
 */
export type Fields = Readonly<Record<string, unknown>>;

const MAX_UINT_64 = 2n ** 64n - 1n;
const NOTHING: readonly Fields[] = [];
const DIGITS = /^-?\d{1,20}$/;

/** The refusal of a field: it tells the type that came, never the value. */
export function malformed(field: string, value: unknown, wanted: string): Refusal {
  const type =
    value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  return new Refusal('malformed', `The field ${field} is ${type}: ${wanted} is wanted there.`);
}

/** A value that must be a message. */
export function asFields(value: unknown, field: string): Fields {
  if (isFields(value)) return value;
  throw malformed(field, value, 'an object');
}

/** A message, empty if it is absent. Null is absent: the JSON of protobuf says so. */
export function fieldsOf(source: Fields, field: string): Fields {
  return asFields(source[field] ?? {}, field);
}

/** The messages of a repeated field. */
export function listOf(source: Fields, field: string): readonly Fields[] {
  const value = source[field] ?? NOTHING;
  if (!Array.isArray(value)) throw malformed(field, value, 'a list');
  for (const item of value as readonly unknown[]) {
    if (!isFields(item)) throw malformed(`${field}[]`, item, 'an object');
  }
  return value;
}

/** A text, empty if it is absent, cut if it is too long. */
export function textOf(source: Fields, field: string): string {
  const value = source[field] ?? '';
  if (typeof value !== 'string') throw malformed(field, value, 'text');
  return boundedText(value);
}

/** A whole number that is not negative, 0 if it is absent. */
export function countOf(source: Fields, field: string): number {
  const value = source[field] ?? 0;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  return Number(readInteger(value, field, 0n));
}

/**
 * A member of an enumeration: its number, or its name as the JSON of protobuf may have it.
 *
 * @returns 0 for what is unknown: an enumeration may grow.
 */
export function memberOf(source: Fields, field: string, prefix: string, names: readonly string[]) {
  const value = source[field] ?? 0;
  const isName = typeof value === 'string' && value.startsWith(prefix);
  if (!isName) return countOf(source, field);
  return Math.max(0, names.indexOf(value.slice(prefix.length)));
}

/** A 64-bit time in nanoseconds since the epoch, 0 if it is absent. */
export function nanosOf(source: Fields, field: string): bigint {
  return readInteger(source[field] ?? 0, field, 0n);
}

/** A 64-bit integer: a number, or text as the JSON of protobuf has it. */
export function readInteger(value: unknown, field: string, least: bigint): bigint {
  const isWhole =
    typeof value === 'number'
      ? Number.isInteger(value)
      : typeof value === 'string' && DIGITS.test(value);
  const integer = isWhole ? BigInt(value as number | string) : least - 1n;
  if (integer < least || integer > MAX_UINT_64) throw malformed(field, value, 'a 64-bit integer');
  return integer;
}

/** Text without halves of characters. What is cut is copied, or it would hold the whole in memory. */
export function boundedText(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text.toWellFormed();
  return `${Buffer.from(text.slice(0, MAX_TEXT_CHARS)).toString()}…`;
}

function isFields(value: unknown): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}
