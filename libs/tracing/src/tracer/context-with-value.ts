import type { Context } from '@opentelemetry/api';

/**
 * A context with one value more. OpenTelemetry's own copies all values of its parent and makes three
 * functions; this one is a small object that asks its parent for all other keys. It is for one value that
 * every request has: what is set on top of it is copied as OpenTelemetry does, so that no chain grows.
 */
class ContextWithValue implements Context {
  readonly #parent: Context;
  readonly #key: symbol;
  readonly #value: unknown;

  constructor(parent: Context, key: symbol, value: unknown) {
    this.#parent = parent;
    this.#key = key;
    this.#value = value;
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === this.#key) return new ContextWithValue(this.#parent, key, value);
    return this.#parent.setValue(this.#key, this.#value).setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    if (key === this.#key) return this.#parent;
    return new ContextWithValue(this.#parent.deleteValue(key), this.#key, this.#value);
  }
}

/** As `parent.setValue(key, value)`, at the cost of one small object. */
export function withValue(parent: Context, key: symbol, value: unknown): Context {
  return new ContextWithValue(parent, key, value);
}
