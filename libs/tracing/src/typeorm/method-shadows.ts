import { shadowMethod } from './shadow-method.js';

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

/** Puts methods on an object as its own, by name. */
export type Install<Name extends string> = (
  target: Record<Name, Method>,
  methods: Readonly<Record<Name, Method>>,
) => void;

/**
 * Shadows methods of many objects of a class; the class itself and its other instances stay as they
 * are. Query runners and entity managers are made for every statement, so their shadows are made once
 * per class, and put on each of them by plain assignments: another prototype, or `defineProperty`,
 * would take twenty times as long and make every later access slower.
 */
export class MethodShadows<Name extends string> {
  readonly #replacements: readonly (readonly [name: Name, Replacement])[];
  readonly #install: Install<Name>;
  /** Marks an object whose methods are shadowed. */
  readonly #mark: symbol;
  #prototype: object | null = null;
  /** The shadows for a class that has all methods; else each object is looked at by itself. */
  #methods: Record<Name, Method> | undefined;

  /**
   * @param what names the objects, for who inspects one
   * @param replacements by the method's name, the innermost first
   * @param install assigns each of them by its literal name, which V8 makes one step of
   */
  constructor(
    what: string,
    replacements: readonly (readonly [name: Name, Replacement])[],
    install: Install<Name>,
  ) {
    this.#replacements = replacements;
    this.#install = install;
    this.#mark = Symbol(`nestjs-tracing:typeorm-${what}`);
  }

  /** Shadows the methods of one object; doing it again changes nothing. */
  on(target: object): void {
    const marked = target as Record<symbol, true | undefined>;
    if (marked[this.#mark] === true) return;
    const prototype = Reflect.getPrototypeOf(target);
    if (prototype !== this.#prototype) {
      this.#prototype = prototype;
      this.#methods = this.#methodsFor(target);
    }
    if (this.#methods === undefined || this.#hasOwn(target)) this.#shadowEach(target);
    else this.#install(target as Record<Name, Method>, this.#methods);
    marked[this.#mark] = true;
  }

  /** Whether a method is one of the object's own, as those of mocks are: it is not that of the class. */
  #hasOwn(target: object): boolean {
    for (const [name] of this.#replacements) if (Object.hasOwn(target, name)) return true;
    return false;
  }

  /** Undefined if a class lacks one of the methods. */
  #methodsFor(target: object): Record<Name, Method> | undefined {
    const methods: Partial<Record<Name, Method>> = {};
    const prototype: object = Reflect.getPrototypeOf(target) ?? {};
    for (const [name, replacement] of this.#replacements) {
      const original: unknown = methods[name] ?? Reflect.get(prototype, name);
      if (typeof original !== 'function') return undefined;
      methods[name] = shadowOf(original as Method, name, replacement);
    }
    return methods as Record<Name, Method>;
  }

  #shadowEach(target: object): void {
    for (const [name, replacement] of this.#replacements) {
      shadowMethod(target, name, replacement as never);
    }
  }
}

function shadowOf(original: Method, name: string, replacement: Replacement): Method {
  const shadow = function (this: unknown, ...args: never[]): unknown {
    return replacement(original, this as never, args);
  };
  return Object.defineProperty(shadow, 'name', { value: name, configurable: true });
}
