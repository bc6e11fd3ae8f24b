/** A text field as it is written: its tag, its length and its bytes, four in each word. */
export interface CachedField {
  readonly size: number;
  readonly words: readonly number[];
}

/** A field in the cache, and the one that was asked for after it. */
interface RememberedField extends CachedField {
  readonly text: string;
  next: RememberedField | undefined;
}

/** Keys that are made up at run time must not fill the memory: from here on none is added. */
const MAX_FIELDS = 1_024;

/** Longer texts are rarely the same. */
const MAX_TEXT_LENGTH = 64;

/**
 * Keeps the written form of texts that come again and again, like the keys of attributes. They often
 * come in the same order again, so the next one is known before it is looked up.
 */
export class FieldCache {
  readonly #tag: number;
  readonly #fields = new Map<string, RememberedField>();
  #last: RememberedField | undefined;

  constructor(tag: number) {
    this.#tag = tag;
  }

  /** The field of a text, or undefined where the text is too long or the cache full. */
  get(text: string): CachedField | undefined {
    const last = this.#last;
    const next = last?.next;
    const isNext = next !== undefined && next.text === text;
    const field = isNext ? next : (this.#fields.get(text) ?? this.#add(text));
    if (field === undefined) return undefined;
    if (!isNext && last !== undefined) last.next = field;
    this.#last = field;
    return field;
  }

  #add(text: string): RememberedField | undefined {
    const fits = typeof text === 'string' && text.length <= MAX_TEXT_LENGTH;
    if (!fits || this.#fields.size >= MAX_FIELDS) return undefined;
    const utf8 = Buffer.from(text);
    if (utf8.length > 127) return undefined;
    const field = fieldOf(text, Uint8Array.of(this.#tag, utf8.length, ...utf8));
    this.#fields.set(text, field);
    return field;
  }
}

function fieldOf(text: string, bytes: Uint8Array): RememberedField {
  const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4));
  bytes.forEach((byte, index) => padded.setUint8(index, byte));
  const words: number[] = [];
  for (let at = 0; at < padded.byteLength; at += 4) words.push(padded.getInt32(at, true));
  return { text, size: bytes.length, words, next: undefined };
}
