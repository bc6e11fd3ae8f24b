import type { ModuleReference } from '../read/module-references.js';
import type { SourceModule } from '../read/source-module.js';
import type { SourcePackage } from '../read/source-package.js';

/** Follows each import, through `export … from`, to what it takes. */
export class UsedExports {
  readonly #modules: ReadonlyMap<string, SourceModule>;
  readonly #used = new Map<string, Set<string>>();

  constructor({ modules, entries }: SourcePackage) {
    this.#modules = modules;
    for (const entry of entries) this.#take(entry, 'all');
    for (const { references } of modules.values()) {
      for (const reference of references) this.#follow(reference);
    }
  }

  has(file: string, name: string): boolean {
    return this.#used.get(file)?.has(name) ?? false;
  }

  #follow({ target, forwards, names }: ModuleReference): void {
    if (target === undefined || forwards) return;
    if (names === 'all') return this.#take(target, 'all');
    for (const { name } of names) this.#take(target, name);
  }

  #take(file: string, name: string): void {
    const module = this.#modules.get(file);
    if (module === undefined || this.has(file, name)) return;
    const used = this.#used.get(file) ?? new Set();
    this.#used.set(file, used.add(name));
    if (name === 'all') for (const offered of offeredNames(module)) used.add(offered);
    for (const reference of module.references) {
      if (reference.forwards) this.#passOn(reference, name);
    }
  }

  #passOn({ target, names }: ModuleReference, wanted: string): void {
    if (target === undefined) return;
    if (names === 'all') return this.#take(target, wanted);
    for (const { name, as } of names) {
      if (wanted === 'all' || as === wanted) this.#take(target, name);
    }
  }
}

function offeredNames({ exports, references }: SourceModule): readonly string[] {
  const forwarded = references.flatMap(({ forwards, names }) =>
    forwards && names !== 'all' ? names.map(({ as }) => as) : [],
  );
  return [...exports.keys(), ...forwarded];
}
