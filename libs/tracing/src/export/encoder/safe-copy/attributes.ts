import type { Attributes, AnyValue } from '@opentelemetry/api';
import { attempt } from './scalar.js';
import { ValueCopy } from './value.js';

/** How many characters, bytes and elements are kept of one attribute, and of all of them. */
const MAX_ATTRIBUTE_SIZE = 32_768;
const MAX_SIZE = 131_072;

/** What could be kept, and the count of what could not. */
export interface Kept<T> {
  readonly kept: T;
  readonly dropped: number;
}

/** Copies attributes so that reading the copies cannot fail, within one size for all of them. */
export class AttributeCopy {
  #left = MAX_SIZE;

  /** Copies what `read` gives; an attribute that cannot be read, or is too large, is dropped. */
  copy(read: () => Attributes | undefined): Kept<Attributes> {
    const kept = Object.create(null) as Attributes;
    const keys = attempt(() => Object.keys(read() ?? {}), undefined);
    let dropped = keys === undefined ? 1 : 0;
    for (const key of keys ?? []) {
      const add = (): void => {
        kept[key] = this.#value(key, read()?.[key]);
      };
      if (!succeeds(add)) dropped += 1;
    }
    return { kept, dropped };
  }

  /** Takes off the size of what comes beside attributes, and answers whether there was room. */
  spend(size: number): boolean {
    this.#left -= size;
    return this.#left >= 0;
  }

  #value(key: string, value: unknown): AnyValue | undefined {
    const size = Math.min(MAX_ATTRIBUTE_SIZE, this.#left) - key.length;
    const values = new ValueCopy(size);
    try {
      return values.copy(value);
    } finally {
      this.#left -= key.length + size - values.left;
    }
  }
}

function succeeds(act: () => void): boolean {
  return attempt(() => {
    act();
    return true;
  }, false);
}
