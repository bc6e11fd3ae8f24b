import type { AttributeMap, AttributeValue } from '../telemetry.interface.js';
import type { OtlpId, OtlpKeyValue, OtlpLong, OtlpValue } from './otlp-message.interface.js';

/** Hex of an id, `undefined` for an absent or all-zero one. */
export function readId(id: OtlpId | undefined): string | undefined {
  const hex = typeof id === 'string' ? id.toLowerCase() : Buffer.from(id ?? []).toString('hex');
  return /^0*$/.test(hex) ? undefined : hex;
}

/** A 64-bit time in nanoseconds since the epoch. */
export function readNanos(time: OtlpLong | undefined): bigint {
  return BigInt(time ?? 0);
}

/** Key-value pairs as a plain object without a prototype, so that no key is special. */
export function readAttributes(pairs: readonly OtlpKeyValue[] | undefined): AttributeMap {
  const attributes = Object.create(null) as AttributeMap;
  for (const { key, value } of pairs ?? []) attributes[key] = readValue(value);
  return attributes;
}

/** One attribute value or log body. */
export function readValue(value: OtlpValue | null | undefined): AttributeValue {
  if (value?.arrayValue) return (value.arrayValue.values ?? []).map(readValue);
  if (value?.kvlistValue) return readAttributes(value.kvlistValue.values);
  if (value?.intValue !== undefined) return readInteger(value.intValue);
  if (value?.doubleValue !== undefined) return Number(value.doubleValue);
  if (value?.bytesValue !== undefined) return readBytes(value.bytesValue);
  return value?.stringValue ?? value?.boolValue ?? null;
}

function readInteger(value: OtlpLong): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function readBytes(value: Uint8Array | string): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString('base64');
}
