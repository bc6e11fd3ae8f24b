import type { Application, AutomaticUser } from './automatic-user.js';

/** A prototype, and for whose instances its methods are chosen. */
export class PlacedClass {
  readonly name: string;
  readonly methods: string[] = [];
  readonly undo: (() => void)[] = [];
  readonly user: { -readonly [Key in keyof AutomaticUser]: AutomaticUser[Key] };
  readonly #prototype: object;
  readonly #chosen = new WeakSet<object>();

  constructor(name: string, prototype: object, application: Application) {
    this.name = name;
    this.#prototype = prototype;
    this.user = { application, only: this.#chosen, never: undefined };
  }

  /** Takes the methods for instances of a prototype: of the class itself, or one that extends it. */
  choose(prototype: object): void {
    this.#chosen.add(prototype);
    // Whoever extends a class that is chosen itself inherits that, if it is not excluded.
    if (prototype === this.#prototype) this.user.only = undefined;
  }

  exclude(prototype: object): void {
    this.user.never ??= new WeakSet();
    (this.user.never as WeakSet<object>).add(prototype);
  }
}
