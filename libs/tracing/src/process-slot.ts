import { VERSION } from './version.js';

/**
 * One thing that the whole process shares, such as what the module that was loaded last has set. All
 * mutable state of this package that is not held by an instance lives in slots, so it can be listed
 * and reset, and it is one even if the package was loaded twice, as ES modules and as CommonJS.
 */
class ProcessSlot<T> {
  /** What was installed last and is still there, else the fallback. */
  current: T;
  readonly #makeFallback: () => T;
  readonly #installed: T[] = [];
  #fallback: T;

  constructor(makeFallback: () => T) {
    this.#makeFallback = makeFallback;
    this.#fallback = makeFallback();
    this.current = this.#fallback;
  }

  /** Makes something the current one. The function returned takes it out again, in whatever order. */
  install(next: T): () => void {
    this.#installed.push(next);
    this.current = next;
    return () => {
      const at = this.#installed.lastIndexOf(next);
      if (at >= 0) this.#installed.splice(at, 1);
      this.current = this.#installed.at(-1) ?? this.#fallback;
    };
  }

  /** Forgets all that was installed and not taken out, and what the fallback has come to hold. */
  reset(): void {
    this.#installed.length = 0;
    this.#fallback = this.#makeFallback();
    this.current = this.#fallback;
  }
}

const SLOTS = Symbol.for(`nestjs-tracing ${VERSION} slots`);
const holder = globalThis as { [SLOTS]?: Map<string, ProcessSlot<unknown>> };
const slots = (holder[SLOTS] ??= new Map());

/**
 * The slot of this name, made at the first call.
 *
 * @param makeFallback makes what is current while nothing is installed, anew after each reset
 */
export function processSlot<T>(name: string, makeFallback: () => T): ProcessSlot<T> {
  const found = slots.get(name) as ProcessSlot<T> | undefined;
  if (found !== undefined) return found;
  const made = new ProcessSlot(makeFallback);
  slots.set(name, made as ProcessSlot<unknown>);
  return made;
}

/** Empties every slot, as for a process in which nothing was set up yet. */
export function resetProcessSlots(): void {
  for (const slot of slots.values()) slot.reset();
}
