import type { TextMapGetter } from '@opentelemetry/api';
import { isObject } from '../../span/is-object.js';

/** Holds the headers of NATS: `MsgHdrs`. */
interface NatsHeaders {
  keys(): readonly string[];
  values(name: string): readonly unknown[];
}

/** Holds the headers of gRPC: `Metadata`. */
interface GrpcMetadata {
  get(name: string): readonly unknown[];
  getMap(): Readonly<Record<string, unknown>>;
}

/** Beyond these nobody looks: they are the limits of W3C baggage, and more than any trace context has. */
const MAX_BYTES = 8192;
const MAX_VALUES = 64;
const MAX_NAMES = 256;

/**
 * Reads the fields of a propagator from what a protocol has for headers: `MsgHdrs` of NATS, `Metadata`
 * of gRPC, and objects, which are the headers of AMQP and Kafka, the user properties of MQTT and the
 * `metadata` of Nest's packets. A value may be a text, bytes or a list of them; anything else is none.
 * Names are looked for as they are written, then without regard to case: Go writes `Traceparent`.
 */
export const MESSAGE_CARRIER: TextMapGetter<unknown> = {
  get(carrier, name) {
    const exact = texts(valueOf(carrier, name));
    if (exact !== undefined || !isObject(carrier)) return exact;
    const known = isRecord(carrier)
      ? otherSpelling(carrier, name)
      : carrierNames(carrier).find((each) => each !== name && isSame(each, name));
    return known === undefined ? undefined : texts(valueOf(carrier, known));
  },
  keys: carrierNames,
};

/** Returns the names of all fields that a carrier has, up to a limit. */
export function carrierNames(carrier: unknown): string[] {
  if (!isObject(carrier)) return [];
  if (isNatsHeaders(carrier)) return carrier.keys().slice(0, MAX_NAMES);
  const record = isGrpcMetadata(carrier) ? carrier.getMap() : carrier;
  const names = Object.keys(record);
  return names.length > MAX_NAMES ? names.slice(0, MAX_NAMES) : names;
}

/** Whether an object is the headers of NATS. */
export function isNatsHeaders(carrier: object): carrier is NatsHeaders {
  const { keys, values } = carrier as Partial<NatsHeaders>;
  return typeof keys === 'function' && typeof values === 'function';
}

function isGrpcMetadata(carrier: object): carrier is GrpcMetadata {
  const { get, getMap } = carrier as Partial<GrpcMetadata>;
  return typeof get === 'function' && typeof getMap === 'function';
}

function isRecord(carrier: object): boolean {
  return !isNatsHeaders(carrier) && !isGrpcMetadata(carrier);
}

/** Looks for a field of an object without a list of its names: most messages lack two of three. */
function otherSpelling(carrier: object, name: string): string | undefined {
  let seen = 0;
  for (const each in carrier) {
    if (each !== name && isSame(each, name) && Object.hasOwn(carrier, each)) return each;
    seen += 1;
    if (seen === MAX_NAMES) return undefined;
  }
  return undefined;
}

function valueOf(carrier: unknown, name: string): unknown {
  if (!isObject(carrier)) return undefined;
  if (isNatsHeaders(carrier)) return carrier.values(name);
  if (isGrpcMetadata(carrier)) return carrier.get(name);
  return Object.hasOwn(carrier, name) ? (carrier as Record<string, unknown>)[name] : undefined;
}

function texts(value: unknown): string | string[] | undefined {
  if (!Array.isArray(value)) return textOf(value);
  const list = value.slice(0, MAX_VALUES).map(textOf);
  const known = list.filter((text) => text !== undefined);
  return known.length < 2 ? known[0] : known;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.length > MAX_BYTES ? undefined : value;
  if (!(value instanceof Uint8Array) || value.length > MAX_BYTES) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}

function isSame(known: string, name: string): boolean {
  return known.length === name.length && known.toLowerCase() === name.toLowerCase();
}
