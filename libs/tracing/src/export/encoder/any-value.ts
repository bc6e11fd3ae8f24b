import type { Attributes } from '@opentelemetry/api';
import type { ProtobufWriter } from './protobuf-writer.js';

/**
 * Decoders refuse a whole request in which more than 100 messages lie within one another, and a map
 * in an attribute of an event in a request takes three for each of its levels after the first eight.
 */
export const MAX_DEPTH = 30;

/** What a value's own header takes: tags and lengths of key, value and content, when all are short. */
const ENTRY_BYTES = 6;
const VALUE_BYTES = 2;

/** V8 makes it nothing in a `for in`, which it does not do with `Object.hasOwn`. */
const { hasOwnProperty } = Object.prototype;

const MIN_INT64 = -(2 ** 63);
const MAX_INT64 = 2 ** 63;

/**
 * Writes attributes as repeated KeyValue, values of every kind: whole numbers as integers, other
 * numbers as doubles, and what OTLP has no type for as an empty value.
 *
 * @throws RangeError where values are nested more than 30 deep
 */
export function writeAttributes(
  writer: ProtobufWriter,
  tag: number,
  attributes: Attributes,
  depth = 0,
): void {
  for (const key in attributes) {
    if (hasOwnProperty.call(attributes, key)) writeEntry(writer, tag, key, attributes[key], depth);
  }
}

/** Writes attributes that are keys and values by turns. */
export function writePairs(writer: ProtobufWriter, tag: number, pairs: readonly unknown[]): void {
  for (let at = 0; at < pairs.length; at += 2) {
    writeEntry(writer, tag, pairs[at] as string, pairs[at + 1], 0);
  }
}

function writeEntry(
  writer: ProtobufWriter,
  tag: number,
  key: string,
  value: unknown,
  depth: number,
): void {
  if (writer.entry(tag, key, value)) return;
  const valueSize = expectedSize(value);
  const expected = key.length + valueSize + ENTRY_BYTES;
  const content = writer.open(tag, expected);
  writer.text(0x0a, key);
  writeValue(writer, 0x12, value, depth);
  writer.close(content, expected);
}

function writeValue(writer: ProtobufWriter, tag: number, value: unknown, depth: number): void {
  const expected = expectedSize(value) + VALUE_BYTES;
  const content = writer.open(tag, expected);
  if (typeof value === 'string') writer.text(0x0a, value);
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (typeof value === 'boolean') writer.uint32(0x10, value ? 1 : 0);
  else if (typeof value === 'object' && value !== null) writeObject(writer, value, depth + 1);
  writer.close(content, expected);
}

function writeNumber(writer: ProtobufWriter, value: number): void {
  const isInt64 = Number.isInteger(value) && value >= MIN_INT64 && value < MAX_INT64;
  if (isInt64) writer.int64(0x18, value);
  else writer.double(0x21, value);
}

function writeObject(writer: ProtobufWriter, value: object, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError(`Values are nested more than ${MAX_DEPTH} deep.`);
  if (value instanceof Uint8Array) return writer.blob(0x3a, value);
  const isArray = Array.isArray(value);
  writer.countNested(isArray ? value.length + 1 : 1);
  const content = writer.open(isArray ? 0x2a : 0x32, 0);
  if (isArray) writeElements(writer, value, depth);
  else writeAttributes(writer, 0x0a, value as Attributes, depth);
  writer.close(content, 0);
}

function writeElements(writer: ProtobufWriter, values: readonly unknown[], depth: number): void {
  for (let index = 0; index < values.length; index += 1)
    writeValue(writer, 0x0a, values[index], depth);
}

function expectedSize(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
