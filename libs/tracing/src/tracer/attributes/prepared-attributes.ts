import type { Attributes } from '@opentelemetry/api';

/** Attributes as they are written, eight bytes in each number; the last may hold more than them. */
export interface WrittenAttributes {
  readonly size: number;
  readonly lanes: Float64Array;
}

/** What has become of an object of attributes in a list. */
export class Prepared {
  /** Keys and values by turns. */
  readonly pairs: readonly unknown[];
  readonly dropped: number;
  /** Kept by who has written them, for the next span: null if that cannot be, undefined before. */
  written: WrittenAttributes | null | undefined = undefined;

  constructor(pairs: readonly unknown[], dropped: number) {
    this.pairs = pairs;
    this.dropped = dropped;
  }
}

/**
 * Remembers what frozen objects of attributes come to, such as those that every span of one method
 * starts with: their spans share it. Only of simple values, for a list in them may still change.
 */
export class PreparedAttributes {
  readonly #known = new WeakMap<Attributes, Prepared | undefined>();
  readonly #prepare: (attributes: Attributes) => Prepared | undefined;

  /** @param prepare makes them legal and keeps them within the limits */
  constructor(prepare: (attributes: Attributes) => Prepared | undefined) {
    this.#prepare = prepare;
  }

  /** Undefined for what has to be looked at each time. */
  of(attributes: Attributes): Prepared | undefined {
    const known = this.#known.get(attributes);
    if (known !== undefined) return known;
    if (!Object.isFrozen(attributes) || this.#known.has(attributes)) return undefined;
    const prepared = hasSimpleValues(attributes) ? this.#prepare(attributes) : undefined;
    this.#known.set(attributes, prepared);
    return prepared;
  }
}

/** Getters are read each time; the object's prototype gives nothing. */
function hasSimpleValues(attributes: Attributes): boolean {
  const descriptors = Object.values(Object.getOwnPropertyDescriptors(attributes));
  return descriptors.every(({ value }) => SIMPLE.has(typeof value));
}

const SIMPLE = new Set(['string', 'number', 'boolean']);
