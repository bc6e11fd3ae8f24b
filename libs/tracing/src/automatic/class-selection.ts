import type { AutoTraceSelector } from './auto-trace-options.interface.js';
import type { AutoTraceSettings } from './auto-trace.schema.js';
import type { Candidate } from './candidates.js';
import type { ClassOrigin } from './class-origins.js';

/** A selector that names classes as a whole. */
type Name = Exclude<AutoTraceSelector, RegExp>;

/** Says which classes and methods are chosen by `include` and `exclude`. */
export class ClassSelection {
  readonly #includes: readonly Name[] | undefined;
  readonly #includedMethods: readonly RegExp[];
  readonly #excludes: readonly Name[];
  readonly #excludedMethods: readonly RegExp[];
  readonly #unused = new Map<Name, string>();

  constructor({ include, exclude }: Pick<AutoTraceSettings, 'include' | 'exclude'>) {
    this.#includes = include?.filter(isName);
    this.#includedMethods = (include ?? []).filter(isPattern);
    this.#excludes = exclude.filter(isName);
    this.#excludedMethods = exclude.filter(isPattern);
    this.#noteUnused('include', include);
    this.#noteUnused('exclude', exclude);
  }

  /** Whether only what is named is traced. */
  get isNamed(): boolean {
    return this.#includes !== undefined;
  }

  /** The names that no class has answered to, as they are to be told. */
  get unused(): readonly string[] {
    return [...this.#unused.values()];
  }

  /** Whether a class is left out as a whole. */
  excludes(candidate: Candidate): boolean {
    return this.#anyNames(this.#excludes, candidate);
  }

  /** Whether a class is chosen as a whole. */
  includes(candidate: Candidate, origin: ClassOrigin): boolean {
    if (this.#includes === undefined) return origin === 'application';
    const named = this.#includes.filter((name) => names(name, candidate));
    for (const name of named) this.#unused.delete(name);
    // All of a module does not mean what a library has put into it.
    return named.some((name) => origin !== 'library' || !candidate.modules.has(name));
  }

  /** Whether single methods of a class may be chosen. */
  mayIncludeMethods(origin: ClassOrigin): boolean {
    return this.#includedMethods.length > 0 && origin !== 'library';
  }

  /** Whether a method is chosen, its class being so or not. */
  takes(codeName: string, isOfIncluded: boolean): boolean {
    if (isIn(this.#excludedMethods, codeName)) return false;
    return isOfIncluded || isIn(this.#includedMethods, codeName);
  }

  #anyNames(selectors: readonly Name[], candidate: Candidate): boolean {
    const named = selectors.filter((name) => names(name, candidate));
    for (const name of named) this.#unused.delete(name);
    return named.length > 0;
  }

  #noteUnused(option: string, selectors: readonly AutoTraceSelector[] = []): void {
    selectors.forEach((selector, index) => {
      if (isName(selector))
        this.#unused.set(selector, `${option}[${index}], ${describe(selector)}`);
    });
  }
}

function names(name: Name, { type, tokens, modules }: Candidate): boolean {
  return type === name || tokens.has(name) || modules.has(name);
}

function isPattern(selector: AutoTraceSelector): selector is RegExp {
  return selector instanceof RegExp;
}

function isName(selector: AutoTraceSelector): selector is Name {
  return !isPattern(selector);
}

/** By `search`, which `g` does not let answer by where it has stopped before. */
function isIn(patterns: readonly RegExp[], codeName: string): boolean {
  return patterns.some((pattern) => codeName.search(pattern) >= 0);
}

function describe(name: Name): string {
  return typeof name === 'function' ? name.name : String(name);
}
