import { attempt, readSafely } from './read-safely.js';

/** Names the class of an error by the export that it is, on the side where it was thrown. */
export interface NamesErrors {
  nameOf(error: object): string | undefined;
}

/**
 * The classes of errors that the file of a task exports. Both sides import that file, so an export
 * names the same class on both.
 */
export class ExportedErrors implements NamesErrors {
  readonly #names = new Map<object, string>();
  readonly #prototypes = new Map<string, object>();

  /** @param exported what importing the file gave */
  constructor(exported: object) {
    for (const [name, value] of exportsOf(exported)) {
      const prototype = errorPrototype(value);
      if (prototype === undefined || this.#prototypes.has(name)) continue;
      this.#prototypes.set(name, prototype);
      if (!this.#names.has(prototype)) this.#names.set(prototype, name);
    }
  }

  /** Returns the export that is the error's class, or the nearest of its classes that is one. */
  nameOf(error: object): string | undefined {
    if (this.#names.size === 0) return undefined;
    let prototype: object | null = Reflect.getPrototypeOf(error);
    while (prototype !== null) {
      const name = this.#names.get(prototype);
      if (name !== undefined) return name;
      prototype = Reflect.getPrototypeOf(prototype);
    }
    return undefined;
  }

  /** Returns the prototype of the class that an export is. */
  prototypeOf(name: string): object | undefined {
    return this.#prototypes.get(name);
  }
}

/** Lists what a file exports; what a CommonJS file does may be below `default` only. */
export function exportsOf(exported: object): [name: string, value: unknown][] {
  const common = readSafely(exported, 'default');
  const below = typeof common === 'object' && common !== null ? entriesOf(common) : [];
  return [...entriesOf(exported), ...below];
}

/** An export may be a getter, or a variable that the file has not come to yet. */
function entriesOf(of: object): [string, unknown][] {
  return Object.keys(of).map((name) => [name, readSafely(of, name)]);
}

function errorPrototype(value: unknown): object | undefined {
  if (typeof value !== 'function') return undefined;
  const prototype = readSafely(value, 'prototype');
  return attempt(() => prototype instanceof Error) === true ? (prototype as object) : undefined;
}
