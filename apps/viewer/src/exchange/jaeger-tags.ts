import { listOf, textOf, type Fields } from '../receiving/otlp/fields.js';
import { otlpValueOf } from './foreign-fields.js';
import type { ForeignTags } from './foreign-tags.js';

const INTEGER = /^-?\d{1,18}$/;

/** The tags of a span, a process or a log, of which some are fields in OTLP. */
export class JaegerTags implements ForeignTags {
  readonly #values = new Map<string, Fields>();

  constructor(source: Fields, field: string) {
    for (const tag of listOf(source, field)) this.#values.set(textOf(tag, 'key'), valueOf(tag));
  }

  /** The text or boolean of a tag. */
  get(key: string): unknown {
    const { stringValue, boolValue } = this.#values.get(key) ?? {};
    return stringValue ?? boolValue;
  }

  /** Takes a tag out of the rest. */
  delete(key: string): void {
    this.#values.delete(key);
  }

  /** Whether there is such a tag. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** Gives what is there by one name another. */
  rename(from: string, to: string): void {
    const value = this.#values.get(from);
    if (!value) return;
    this.#values.delete(from);
    this.#values.set(to, value);
  }

  /** What is left. */
  get attributes(): Fields[] {
    return Array.from(this.#values, ([key, value]) => ({ key, value }));
  }
}

/** Big integers, bytes and what JSON has no number for are texts. */
function valueOf({ type, value }: Fields): Fields {
  if (typeof value === 'number' && type === 'float64') return { doubleValue: value };
  if (typeof value !== 'string') return otlpValueOf(value);
  if (type === 'binary') return { bytesValue: value };
  if (type === 'bool' && /^(true|false)$/.test(value)) return { boolValue: value === 'true' };
  if (type === 'float64' && /^(NaN|-?Infinity)$/.test(value)) return { doubleValue: value };
  const isInteger = type === 'int64' && (INTEGER.test(value) || isLong(value));
  return isInteger ? { intValue: value } : { stringValue: value };
}

/** A 64-bit integer of nineteen digits. */
function isLong(value: string): boolean {
  return /^-?\d{19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
}
