import { diag } from '@opentelemetry/api';
import type { AnyValue, Attributes } from '@opentelemetry/api';
import { ILLEGAL, legalValue } from './attribute-value.js';
import { indexOf, setOwn, setPairs } from './pairs.js';
import { Prepared } from './prepared-attributes.js';
import type { PreparedAttributes } from './prepared-attributes.js';

/** Keys and values, of a few more attributes than a span has by default. */
const MAX_PAIRED = 512;

const { hasOwnProperty } = Object.prototype;

const NONE = new Prepared([], 0);

/**
 * Attributes in the order they were set: keys and values by turns, which costs a span a third of an
 * object with properties. What many spans start with is one list for them all; what is set later stands
 * in one of the span's own. It becomes an object for whoever asks for one, and stays it from then on,
 * since a processor may change that object.
 */
export class AttributeList {
  /** Attributes that were refused or had no room. */
  dropped = 0;
  /** Other spans' too: it is copied before anything in it is set. Undefined once there is an object. */
  #first: Prepared | undefined = NONE;
  #later: unknown[] | undefined;
  #object: Attributes | undefined;
  #count = 0;
  readonly #maxCount: number;
  readonly #maxLength: number;

  /** @param maxLength characters of a value, already a sensible number */
  constructor(maxCount: number, maxLength: number) {
    this.#maxCount = maxCount;
    this.#maxLength = maxLength;
  }

  /** What the span has started with; undefined once its attributes are an object. */
  get first(): Prepared | undefined {
    return this.#first;
  }

  /** Keys and values by turns, of what was set after that; undefined if nothing was. */
  get later(): readonly unknown[] | undefined {
    return this.#later;
  }

  /** Takes what a span starts with; what is refused counts as dropped. */
  startWith(attributes: Attributes, prepared: PreparedAttributes): void {
    const known = prepared.of(attributes);
    if (known === undefined) return this.addAll(attributes);
    this.#first = known;
    this.#count = known.pairs.length / 2;
    this.dropped = known.dropped;
  }

  /** Takes keys and values by turns, which are this list's from now on: each key once. */
  take(pairs: unknown[]): void {
    const count = pairs.length / 2;
    if (count > this.#maxCount || !this.#makeLegal(pairs)) return this.#addPairs(pairs);
    this.#later = pairs;
    this.#count = count;
  }

  /** The list as it stands, for other spans to start with; it is not to be changed from now on. */
  prepared(): Prepared | undefined {
    if (this.#first === undefined) return undefined;
    return new Prepared(this.#later ?? this.#first.pairs, this.dropped);
  }

  /** Adds further attributes; what is refused counts as dropped. */
  addAll(attributes: Attributes): void {
    for (const key in attributes) {
      if (!hasOwnProperty.call(attributes, key)) continue;
      const value = attributes[key];
      if (value !== undefined) this.#add(key, value);
    }
  }

  /** Sets one attribute; one without room is dropped and counted, an illegal one only told. */
  set(key: string, value: unknown): void {
    if (value === undefined) return;
    if (key.length === 0) return diag.warn(`Invalid attribute key: ${key}`);
    const at = this.#find(key);
    if (at < 0 && this.#count >= this.#maxCount) return this.#drop();
    const legal = legalValue(value, this.#maxLength);
    if (legal === ILLEGAL) return diag.warn(`Invalid attribute value set for key: ${key}`);
    this.#put(at, key, legal);
  }

  /** The attributes as an object, always the same one. */
  toObject(): Attributes {
    if (this.#object !== undefined) return this.#object;
    const object: Attributes = {};
    setPairs(object, (this.#first as Prepared).pairs);
    if (this.#later !== undefined) setPairs(object, this.#later);
    return this.#become(object);
  }

  /** Takes another object instead, as it is: whoever sets it knows what it holds. */
  replace(object: Attributes): void {
    this.#become(object);
  }

  #become(object: Attributes): Attributes {
    this.#first = undefined;
    this.#later = undefined;
    this.#object = object;
    return object;
  }

  /** Answers whether all values of pairs are legal, within their limit now. */
  #makeLegal(pairs: unknown[]): boolean {
    for (let at = 1; at < pairs.length; at += 2) {
      const legal = legalValue(pairs[at], this.#maxLength);
      if (legal === ILLEGAL) return false;
      pairs[at] = legal;
    }
    return true;
  }

  #addPairs(pairs: readonly unknown[]): void {
    for (let at = 0; at < pairs.length; at += 2) {
      this.#add(pairs[at] as string, pairs[at + 1] as AnyValue);
    }
  }

  #add(key: string, value: AnyValue): void {
    const at = this.#find(key);
    if (at < 0 && this.#count >= this.#maxCount) {
      this.dropped += 1;
      return;
    }
    if (key.length === 0) {
      this.dropped += 1;
      return diag.warn(`Invalid attribute key: ${key}`);
    }
    const legal = legalValue(value, this.#maxLength);
    if (legal === ILLEGAL) {
      this.dropped += 1;
      return diag.warn(`Invalid attribute value set for key: ${key}`);
    }
    this.#put(at, key, legal);
  }

  #drop(): void {
    this.dropped += 1;
    if (this.dropped === 1) diag.warn('Dropping extra attributes.');
  }

  /** Where a key stands, counted through both lists; in an object it stands nowhere or at 0. */
  #find(key: string): number {
    const first = this.#first?.pairs;
    if (first === undefined) return Object.hasOwn(this.#object as Attributes, key) ? 0 : -1;
    const at = indexOf(first, key);
    if (at >= 0 || this.#later === undefined) return at;
    const later = indexOf(this.#later, key);
    return later < 0 ? later : first.length + later;
  }

  #put(at: number, key: string, value: AnyValue): void {
    if (at < 0) this.#count += 1;
    if (this.#first === undefined) return setOwn(this.#object as Attributes, key, value);
    if (at < 0) return this.#append(key, value);
    const { pairs } = this.#first;
    const later = at < pairs.length ? this.#own(pairs) : (this.#later as unknown[]);
    later[at - this.#first.pairs.length + 1] = value;
  }

  /** Many attributes are an object sooner: a list of them is searched from its start. */
  #append(key: string, value: AnyValue): void {
    if (this.#later === undefined) {
      this.#later = [key, value];
      return;
    }
    this.#later.push(key, value);
    if (this.#later.length > MAX_PAIRED) this.toObject();
  }

  #own(shared: readonly unknown[]): unknown[] {
    this.#first = NONE;
    return (this.#later = this.#later === undefined ? shared.slice() : shared.concat(this.#later));
  }
}
