import {
  SENT_TYPES,
  type AttributeMap,
  type AttributeValue,
  type SentType,
} from '../../telemetry.interface.js';
import {
  asFields,
  boundedText,
  fieldsOf,
  listOf,
  malformed,
  readInteger,
  textOf,
  type Fields,
} from './fields.js';
import { bareMap } from '../bare-map.js';
import { MAX_TEXT_CHARS, MAX_VALUE_DEPTH } from '../limits.js';
import { Refusal } from '../refusal.error.js';
import type { Room } from './room.js';

const MIN_INT_64 = -(2n ** 63n);
const HEX = /^[0-9a-f]*$/i;
const BASE64 = /^[A-Za-z0-9+/]{1,22}={1,2}$/;
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Hex of an id (bytes in protobuf, hex text in JSON, base64 text where a sender takes the JSON of
 * protobuf for that of OTLP), `undefined` for an absent or all-zero one.
 */
export function idOf(source: Fields, field: string, bytes: number): string | undefined {
  const hex = hexOf(source[field] ?? '', bytes);
  if (hex === undefined) throw malformed(field, source[field], `an id of ${bytes} bytes`);
  return /^0*$/.test(hex) ? undefined : hex;
}

/** Where a value is read: how much may still come, and how deep it lies. */
interface Place {
  readonly room: Room;
  readonly depth: number;
}

/**
 * Key-value pairs as a plain object without a prototype, so that no key is special; as many as there is
 * room for.
 */
export function attributesOf(source: Fields, room: Room): AttributeMap {
  return mapOf(listOf(source, 'attributes'), { room, depth: 0 });
}

function mapOf(pairs: readonly Fields[], place: Place): AttributeMap {
  const attributes = bareMap();
  for (const pair of pairs) {
    if (place.room.isFull) {
      place.room.leftOut += 1;
      continue;
    }
    const key = textOf(pair, 'key');
    place.room.takeText(key);
    const value = valueOf(pair['value'], place);
    attributes[key] = value;
    const type = sentTypeOf(pair['value'], value);
    if (type) rememberType(attributes, key, type);
  }
  return attributes;
}

/** The type of a value that its plain form does not tell, so that it can be sent on as it came. */
function sentTypeOf(sent: unknown, value: AttributeValue): SentType | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && isSet(sent as Fields, 'doubleValue')
      ? 'doubleValue'
      : undefined;
  }
  if (typeof value !== 'string' || isSet(sent as Fields, 'stringValue')) return undefined;
  return isSet(sent as Fields, 'intValue') ? 'intValue' : 'bytesValue';
}

function rememberType(attributes: AttributeMap, key: string, type: SentType): void {
  const types = (attributes[SENT_TYPES] ??= Object.create(null) as Record<string, SentType>);
  types[key] = type;
}

/** One attribute value or log body. */
export function readValue(value: unknown, room: Room): AttributeValue {
  return valueOf(value, { room, depth: 0 });
}

function valueOf(value: unknown, { room, depth }: Place): AttributeValue {
  room.takeValue();
  if (value === undefined || value === null) return null;
  const fields = asFields(value, 'value');
  if (depth >= MAX_VALUE_DEPTH) {
    throw new Refusal('malformed', `A value is more than ${MAX_VALUE_DEPTH} deep: flatten it.`);
  }
  if (isSet(fields, 'arrayValue')) {
    return itemsOf(listOf(fieldsOf(fields, 'arrayValue'), 'values'), { room, depth: depth + 1 });
  }
  if (isSet(fields, 'kvlistValue')) {
    const pairs = listOf(fieldsOf(fields, 'kvlistValue'), 'values');
    return mapOf(pairs, { room, depth: depth + 1 });
  }
  const scalar = readScalar(fields);
  if (typeof scalar === 'string') room.takeText(scalar);
  return scalar;
}

function itemsOf(values: readonly Fields[], place: Place): AttributeValue[] {
  const items: AttributeValue[] = [];
  for (const value of values) {
    if (place.room.isFull) break;
    items.push(valueOf(value, place));
  }
  return items;
}

function readScalar(fields: Fields): AttributeValue {
  const { intValue, doubleValue, bytesValue, boolValue } = fields;
  if (isSet(fields, 'intValue')) return integerValue(intValue);
  if (isSet(fields, 'doubleValue')) return doubleOf(doubleValue);
  if (isSet(fields, 'bytesValue')) return bytesOf(bytesValue);
  if (isSet(fields, 'stringValue')) return textOf(fields, 'stringValue');
  if (!isSet(fields, 'boolValue')) return null;
  if (typeof boolValue === 'boolean') return boolValue;
  throw malformed('boolValue', boolValue, 'a boolean');
}

function isSet(fields: Fields, field: string): boolean {
  return fields[field] !== undefined && fields[field] !== null;
}

function integerValue(value: unknown): number | string {
  if (Number.isSafeInteger(value)) return value as number;
  const integer = readInteger(value, 'intValue', MIN_INT_64);
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : String(integer);
}

function doubleOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const isText = typeof value === 'string' && value.length < 400;
  if (isText && (NUMBER.test(value) || /^(NaN|-?Infinity)$/.test(value))) return Number(value);
  throw malformed('doubleValue', value, 'a number');
}

function bytesOf(value: unknown): string {
  if (typeof value === 'string') return boundedText(value);
  if (!(value instanceof Uint8Array)) throw malformed('bytesValue', value, 'bytes');
  return boundedText(Buffer.from(value.subarray(0, MAX_TEXT_CHARS)).toString('base64'));
}

/** An absent id is empty. */
function hexOf(id: unknown, bytes: number): string | undefined {
  if (id instanceof Uint8Array)
    return id.length <= bytes ? checked(Buffer.from(id).toString('hex'), bytes) : undefined;
  if (typeof id !== 'string') return undefined;
  const isBase64 = id.length === 4 * Math.ceil(bytes / 3) && BASE64.test(id);
  return checked(isBase64 ? Buffer.from(id, 'base64').toString('hex') : id, bytes);
}

function checked(hex: string, bytes: number): string | undefined {
  if (hex !== '' && hex.length !== 2 * bytes) return undefined;
  return HEX.test(hex) ? hex.toLowerCase() : undefined;
}
