import type { AnyValue } from '@opentelemetry/api';
import { MAX_DEPTH } from '../any-value.js';

/** Stand for values that have no end. */
const CIRCULAR = '[circular]';
const TOO_DEEP = '[nested too deep]';

/** The longest text and the most bytes that are kept whole. */
const MAX_LENGTH = 16_384;

/** Copies values so that nothing is left in them that could fail, nest without end or be too large. */
export class ValueCopy {
  #left: number;

  /** @param size - how many characters, bytes and elements all copies may have together */
  constructor(size: number) {
    this.#left = size;
  }

  /** What of the size is left, below 0 when a copy was given up for it. */
  get left(): number {
    return this.#left;
  }

  /**
   * @throws RangeError when the size is used up
   * @throws whatever reading the value throws
   */
  copy(value: unknown, ancestors: readonly object[] = []): AnyValue | undefined {
    this.#spend(1);
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value !== 'object' || value === null) return undefined;
    if (value instanceof Uint8Array) return this.#blob(value);
    if (ancestors.includes(value)) return CIRCULAR;
    if (ancestors.length >= MAX_DEPTH) return TOO_DEEP;
    const path = [...ancestors, value];
    return Array.isArray(value) ? this.#array(value, path) : this.#map(value, path);
  }

  #text(text: string): string {
    const kept = text.slice(0, MAX_LENGTH);
    this.#spend(kept.length);
    return kept;
  }

  #blob(blob: Uint8Array): Uint8Array {
    const kept = Uint8Array.from(blob.subarray(0, MAX_LENGTH));
    this.#spend(kept.length);
    return kept;
  }

  #array(values: readonly unknown[], path: readonly object[]): AnyValue {
    const copies: (AnyValue | undefined)[] = [];
    for (let index = 0; index < values.length; index += 1)
      copies.push(this.copy(values[index], path));
    return copies as AnyValue;
  }

  #map(map: object, path: readonly object[]): AnyValue {
    const copies = Object.create(null) as Record<string, AnyValue | undefined>;
    for (const key of Object.keys(map)) {
      this.#spend(key.length);
      copies[key] = this.copy((map as Record<string, unknown>)[key], path);
    }
    return copies;
  }

  #spend(size: number): void {
    this.#left -= size;
    if (this.#left < 0) throw new RangeError('The value has too many parts.');
  }
}
