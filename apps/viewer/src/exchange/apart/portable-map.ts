import { bareMap } from '../../receiving/bare-map.js';
import {
  SENT_TYPES,
  type AttributeMap,
  type AttributeValue,
  type SentType,
} from '../../telemetry.interface.js';

/**
 * Attributes as one thread hands them to another, which would give them a prototype and lose their
 * symbol: keys, values, and the types that values do not tell.
 */
export interface PortableMap {
  readonly keys: string[];
  readonly values: PortableValue[];
  readonly types?: [key: string, type: SentType][];
}

type PortableValue = string | number | boolean | null | PortableValue[] | PortableMap;

/** Makes a map ready for the way. */
export function packMap(map: AttributeMap): PortableMap {
  const keys = Object.keys(map);
  const types = map[SENT_TYPES];
  return {
    keys,
    values: keys.map((key) => packValue(map[key]!)),
    ...(types ? { types: Object.entries(types) } : {}),
  };
}

/** Makes a map what it was. */
export function unpackMap({ keys, values, types }: PortableMap): AttributeMap {
  const map = bareMap();
  for (const [index, key] of keys.entries()) map[key] = unpackValue(values[index]!);
  if (!types) return map;
  const sent = Object.create(null) as Record<string, SentType>;
  for (const [key, type] of types) sent[key] = type;
  map[SENT_TYPES] = sent;
  return map;
}

function packValue(value: AttributeValue): PortableValue {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(packValue) : packMap(value);
}

function unpackValue(value: PortableValue): AttributeValue {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(unpackValue) : unpackMap(value);
}
