import { malformed, type Fields } from '../receiving/otlp/fields.js';
import { plainValue } from '../receiving/lines/plain-value.js';
import { Refusal } from '../receiving/refusal.error.js';

const HEX = /^[0-9a-f]+$/i;
const DIGITS = /^\d{1,17}$/;
/** In the year 2255; twice that is a 64-bit integer of nanoseconds. */
const MAX_MICROS = Number.MAX_SAFE_INTEGER;

/** An id in hex, of which zeros at the beginning may have been left out; empty if it is absent or 0. */
export function paddedId(source: Fields, field: string, bytes: number): string {
  const id = source[field] ?? '';
  if (id === '') return '';
  const isId = typeof id === 'string' && id.length <= 2 * bytes && HEX.test(id);
  if (!isId) throw malformed(field, id, wantedId(bytes));
  return /^0+$/.test(id) ? '' : id.padStart(2 * bytes, '0').toLowerCase();
}

/** An id that must be there. */
export function requiredId(source: Fields, field: string, bytes: number): string {
  const id = paddedId(source, field, bytes);
  if (id === '') throw malformed(field, source[field], wantedId(bytes));
  return id;
}

function wantedId(bytes: number): string {
  return `an id of up to ${bytes} bytes in hex`;
}

/** Microseconds since the epoch or of a duration as nanoseconds, 0 if they are absent. */
export function nanosOfMicros(source: Fields, field: string): bigint {
  const value = source[field] ?? 0;
  const micros = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
  const isTime = typeof micros === 'number' && micros >= 0 && micros <= MAX_MICROS;
  if (!isTime) throw malformed(field, value, 'microseconds');
  const whole = Math.trunc(micros);
  return BigInt(whole) * 1_000n + BigInt(Math.round((micros - whole) * 1e3));
}

/** A value of any kind as OTLP has it: what is neither text, number nor boolean is its JSON. */
export function otlpValueOf(value: unknown): Fields {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
  }
  return value === null || value === undefined
    ? {}
    : { stringValue: JSON.stringify(plainValue(value)) };
}

/** Reads something; a fault in it is told with its place in the file. */
export function readAt<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new Refusal(cause.reason, `${place}: ${cause.message}`, { cause });
  }
}
