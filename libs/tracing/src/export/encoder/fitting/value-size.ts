import type { AttributeValue, Attributes } from '@opentelemetry/api';

/** What tags and lengths of a value, an entry or a part take at most, in bytes. */
const HEADER_BYTES = 12;

/** An upper bound of the bytes that attributes take when they are encoded. */
export function attributesSize(attributes: Attributes): number {
  let size = 0;
  for (const [key, value] of Object.entries(attributes)) {
    size += HEADER_BYTES + Buffer.byteLength(key) + valueSize(value);
  }
  return size;
}

/** An upper bound of the bytes that a text takes when it is encoded. */
export function textSize(text: string): number {
  return HEADER_BYTES + Buffer.byteLength(text);
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return textSize(value);
  if (value instanceof Uint8Array) return HEADER_BYTES + value.length;
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, each) => sum + valueSize(each), HEADER_BYTES);
  }
  if (typeof value === 'object' && value !== null) {
    return HEADER_BYTES + attributesSize(value as Record<string, AttributeValue>);
  }
  return HEADER_BYTES;
}
