import type { RepeatedField } from './repeated-field.js';
import { MAX_FIELD_BYTES, repeatedField } from './repeated-field.js';
import { putVarint } from './varint.js';

/** Keys that are made up at run time must not fill the memory: from here on none is added. */
const MAX_KEYS = 1_024;

/** Nor must values: a key with more of them is written with every value anew. */
const MAX_VALUES_A_KEY = 128;
const MAX_VALUES = 2_048;

/** Longer texts are rarely the same. */
const MAX_TEXT_LENGTH = 64;

/** A key, and its attributes by their values as long as these are few. */
interface KnownKey {
  readonly field: RepeatedField;
  readonly bytes: readonly number[];
  entries: Map<unknown, RepeatedField> | undefined;
}

/**
 * Keeps the written form of attributes: whole ones of values that come again, else that of the key.
 * They often come in the same order again, so the next one is known before it is looked up.
 */
export class EntryCache {
  readonly #keys = new Map<string, KnownKey>();
  #values = 0;
  #last: RepeatedField | undefined;

  /** Says what is written before the next attribute. */
  follow(field: RepeatedField | undefined): void {
    this.#last = field;
  }

  /** The attribute behind its tag, or its key alone, or undefined where it cannot be kept. */
  get(key: string, value: unknown): RepeatedField | undefined {
    const last = this.#last;
    const next = last?.next;
    if (next !== undefined && next.text === key && (next.isKey || next.value === value)) {
      this.#last = next;
      return next;
    }
    const field = this.#find(key, value);
    if (field === undefined) return undefined;
    if (last !== undefined) last.next = field;
    this.#last = field;
    return field;
  }

  #find(key: string, value: unknown): RepeatedField | undefined {
    const known = this.#keys.get(key) ?? this.#addKey(key);
    if (known === undefined) return undefined;
    if (known.entries === undefined || !mayRepeat(value)) return known.field;
    return known.entries.get(value) ?? this.#addEntry(known, known.entries, value) ?? known.field;
  }

  #addKey(key: string): KnownKey | undefined {
    const fits = typeof key === 'string' && key.length <= MAX_TEXT_LENGTH;
    if (!fits || this.#keys.size >= MAX_KEYS) return undefined;
    const utf8 = Buffer.from(key);
    const bytes = [0x0a, utf8.length, ...utf8];
    if (utf8.length > MAX_FIELD_BYTES) return undefined;
    const field = repeatedField(key, undefined, true, bytes);
    if (field === undefined) return undefined;
    const known: KnownKey = { field, bytes, entries: new Map() };
    this.#keys.set(key, known);
    return known;
  }

  #addEntry(
    known: KnownKey,
    entries: Map<unknown, RepeatedField>,
    value: string | boolean | number,
  ): RepeatedField | undefined {
    if (entries.size >= MAX_VALUES_A_KEY) return this.#forget(known, entries);
    if (this.#values >= MAX_VALUES) return undefined;
    const content = valueBytes(value);
    const bytes = [...known.bytes, 0x12, content.length, ...content];
    if (bytes.length > MAX_FIELD_BYTES) return undefined;
    const field = repeatedField(known.field.text, value, false, [bytes.length, ...bytes]);
    if (field === undefined) return undefined;
    entries.set(value, field);
    this.#values += 1;
    return field;
  }

  #forget(known: KnownKey, entries: ReadonlyMap<unknown, RepeatedField>): undefined {
    known.entries = undefined;
    this.#values -= entries.size;
  }
}

/** Whether a value is a short text, a boolean or an unsigned 32-bit integer. */
function mayRepeat(value: unknown): value is string | boolean | number {
  if (typeof value === 'string') return value.length <= MAX_TEXT_LENGTH;
  return typeof value === 'boolean' || (typeof value === 'number' && value >>> 0 === value);
}

/** The content of an AnyValue. */
function valueBytes(value: string | boolean | number): number[] {
  if (typeof value === 'boolean') return [0x10, value ? 1 : 0];
  if (typeof value === 'string') {
    const utf8 = Buffer.from(value);
    return [0x0a, utf8.length, ...utf8];
  }
  const varint = new Uint8Array(5);
  return [0x18, ...varint.subarray(0, putVarint(varint, 0, value))];
}
