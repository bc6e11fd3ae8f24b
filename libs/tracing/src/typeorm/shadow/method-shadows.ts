import type { Method, Replacement } from './stand-in.js';
import { replaceMethod, standIn } from './stand-in.js';

/**
 * Replaces methods of many objects of a class; the class itself and its other instances stay as they
 * are. Query runners and entity managers are made for every statement, so what stands in is made once
 * per class: a prototype between it and those objects, which costs each of them one step where
 * properties of its own would cost one for every method.
 */
export class MethodShadows {
  readonly #replacements: readonly (readonly [name: string, Replacement])[];
  /** By the prototype that an object came with, and by themselves. */
  readonly #prototypes = new WeakMap<object, object>();
  /** Objects whose methods were replaced one by one. */
  readonly #replaced = new WeakSet();

  /** @param replacements by the method's name, the innermost first */
  constructor(replacements: readonly (readonly [name: string, Replacement])[]) {
    this.#replacements = replacements;
  }

  /** Replaces the methods of one object; doing it again changes nothing. */
  on(target: object): void {
    const prototype = Reflect.getPrototypeOf(target);
    if (prototype === null) return this.#replaceEach(target);
    const shadowing = this.#prototypes.get(prototype) ?? this.#derive(prototype);
    if (shadowing === prototype) return;
    if (this.#hasOwn(target)) this.#replaceEach(target);
    else Reflect.setPrototypeOf(target, shadowing);
  }

  /** Whether a method is one of the object's own, as those of mocks are: it is not that of the class. */
  #hasOwn(target: object): boolean {
    for (const [name] of this.#replacements) if (Object.hasOwn(target, name)) return true;
    return false;
  }

  #derive(prototype: object): object {
    const shadowing = Object.create(prototype) as object;
    for (const [name, replacement] of this.#replacements) {
      if (typeof Reflect.get(prototype, name) !== 'function') continue;
      // Looked up at each call: a spy that is put on the class later is called.
      const inner = Object.getOwnPropertyDescriptor(shadowing, name)?.value as Method | undefined;
      const original = (): Method => inner ?? (prototype as Record<string, Method>)[name]!;
      Object.defineProperty(shadowing, name, {
        value: standIn(original, name, replacement),
        writable: true,
        // Nobody who lists, copies or prints the object is to see it.
        enumerable: false,
        configurable: true,
      });
    }
    this.#prototypes.set(prototype, shadowing).set(shadowing, shadowing);
    return shadowing;
  }

  #replaceEach(target: object): void {
    if (this.#replaced.has(target)) return;
    this.#replaced.add(target);
    for (const [name, replacement] of this.#replacements) replaceMethod(target, name, replacement);
  }
}
