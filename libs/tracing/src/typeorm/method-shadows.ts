/** Any method, whatever it is called with. */
export type Method = (this: unknown, ...args: never[]) => unknown;

/**
 * Does what a method does, and more.
 *
 * @param original the method it stands for
 * @param receiver the object it was called on
 * @param args what it was called with
 */
export type Replacement = (original: Method, receiver: never, args: never[]) => unknown;

/**
 * Shadows methods of many objects of a class; the class itself and its other instances stay as they
 * are. Query runners and entity managers are made for every statement, so the shadows stand on one
 * object between them and their class instead of on each of them: one step in place of many.
 */
export class MethodShadows {
  readonly #replacements: readonly (readonly [name: string, Replacement])[];
  #prototype: object | null = null;
  #shadowing: object = {};
  /** Methods that the objects have of their own, seen at the first of them. */
  #own: readonly (readonly [name: string, Replacement])[] = [];

  /** @param replacements by the method's name, the innermost first; a method that is not there is left out */
  constructor(replacements: readonly (readonly [name: string, Replacement])[]) {
    this.#replacements = replacements;
  }

  /** Shadows the methods of one object; doing it again changes nothing. */
  on(target: object): void {
    const prototype = Reflect.getPrototypeOf(target);
    if (prototype === this.#shadowing) return;
    if (prototype !== this.#prototype) {
      this.#prototype = prototype;
      this.#shadowing = Object.create(prototype) as object;
      for (const replacement of this.#replacements) shadow(this.#shadowing, ...replacement);
      this.#own = this.#replacements.filter(([name]) => Object.hasOwn(target, name));
    }
    for (const replacement of this.#own) shadow(target, ...replacement);
    Reflect.setPrototypeOf(target, this.#shadowing);
  }
}

function shadow(target: object, name: string, replacement: Replacement): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') return;
  const value = function (this: unknown, ...args: never[]): unknown {
    return replacement(original as Method, this as never, args);
  };
  Object.defineProperty(value, 'name', { value: name, configurable: true });
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
