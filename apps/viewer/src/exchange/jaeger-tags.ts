import { listOf, textOf, type Fields } from '../receiving/otlp/fields.js';
import { otlpValueOf } from './foreign-fields.js';

const INTEGER = /^-?\d{1,18}$/;

/** The tags of a span, a process or a log, of which some are fields in OTLP. */
export class JaegerTags {
  readonly #values = new Map<string, Fields>();

  constructor(source: Fields, field: string) {
    for (const tag of listOf(source, field)) this.#values.set(textOf(tag, 'key'), valueOf(tag));
  }

  /** Takes the text or boolean of a tag out of the rest. */
  take(key: string): string | boolean | undefined {
    const { stringValue, boolValue } = this.#values.get(key) ?? {};
    const value = stringValue ?? boolValue;
    if (typeof value !== 'string' && typeof value !== 'boolean') return undefined;
    this.#values.delete(key);
    return value;
  }

  /** The text of a tag that is taken; empty without it. */
  takeText(key: string): string {
    return String(this.take(key) ?? '');
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

  /** What was not taken. */
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
