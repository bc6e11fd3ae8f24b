import type { RepeatedField } from './repeated-field.js';
import { MAX_FIELD_BYTES, repeatedField } from './repeated-field.js';

/** Names that are made up at run time must not fill the memory: from here on none is added. */
const MAX_NAMES = 1_024;

/** Longer names are rarely the same. */
const MAX_NAME_LENGTH = 64;

/** Keeps the written form of names, tag and all: always the same one. */
export class NameCache {
  readonly #fields = new Map<string, RepeatedField>();
  #last: RepeatedField | undefined;

  /** The field of a name, or undefined where the name is too long or the cache full. */
  get(tag: number, name: string): RepeatedField | undefined {
    if (this.#last?.text === name) return this.#last;
    const field = this.#fields.get(name) ?? this.#add(tag, name);
    if (field !== undefined) this.#last = field;
    return field;
  }

  #add(tag: number, name: string): RepeatedField | undefined {
    const fits = typeof name === 'string' && name.length <= MAX_NAME_LENGTH;
    if (!fits || this.#fields.size >= MAX_NAMES) return undefined;
    const utf8 = Buffer.from(name);
    if (utf8.length > MAX_FIELD_BYTES) return undefined;
    const field = repeatedField(name, undefined, false, [tag, utf8.length, ...utf8]);
    if (field !== undefined) this.#fields.set(name, field);
    return field;
  }
}
