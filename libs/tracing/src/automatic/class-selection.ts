import type { AutoTraceSelector } from './auto-trace-options.interface.js';
import type { AutoTraceSettings } from './auto-trace.schema.js';
import type { Candidate } from './candidates.js';
import type { ClassOrigin } from './class-origins.js';
import { UnusedSelectors } from './unused-selectors.js';

const NOTHING_INCLUDED =
  'autoTrace.include is empty: nothing is traced. Name classes in it, or leave it out to trace all of ' +
  'your own; to trace none, write autoTrace: false.';

/** A selector that names classes as a whole. */
type Name = Exclude<AutoTraceSelector, RegExp>;

/** Says which classes and methods are chosen by `include` and `exclude`. */
export class ClassSelection {
  readonly #includes: readonly Name[] | undefined;
  readonly #includedMethods: readonly RegExp[];
  readonly #excludes: readonly Name[];
  readonly #excludedMethods: readonly RegExp[];
  readonly #unused = new UnusedSelectors();

  constructor({ include, exclude }: Pick<AutoTraceSettings, 'include' | 'exclude'>) {
    this.#includes = include?.filter(isName);
    this.#includedMethods = (include ?? []).filter(isPattern);
    this.#excludes = exclude.filter(isName);
    this.#excludedMethods = exclude.filter(isPattern);
    this.#unused.add('include', include);
    this.#unused.add('exclude', exclude);
  }

  /** Whether only what is named is traced. */
  get isNamed(): boolean {
    return this.#includes !== undefined;
  }

  /** What is to be told of selectors that choose nothing. */
  get faults(): readonly string[] {
    const isEmpty = this.#includes?.length === 0 && this.#includedMethods.length === 0;
    return [...(isEmpty ? [NOTHING_INCLUDED] : []), ...this.#unused.describe()];
  }

  /** Whether a class is left out as a whole. */
  excludes(candidate: Candidate): boolean {
    return this.#anyNames(this.#excludes, candidate);
  }

  /** Whether a class is chosen as a whole. */
  includes(candidate: Candidate, origin: ClassOrigin): boolean {
    if (origin !== 'library') this.#unused.seen(candidate.type.name);
    if (this.#includes === undefined) return origin === 'application';
    const named = this.#includes.filter((name) => names(name, candidate));
    for (const name of named) this.#unused.used(name);
    // All of a module does not mean what a library has put into it.
    return named.some((name) => origin !== 'library' || !candidate.modules.has(name));
  }

  /** Whether single methods of a class may be chosen. */
  mayIncludeMethods(origin: ClassOrigin): boolean {
    return this.#includedMethods.length > 0 && origin !== 'library';
  }

  /** Whether a method is chosen, its class being so or not. */
  takes(codeName: string, isOfIncluded: boolean): boolean {
    this.#unused.seenMethod(codeName);
    const isIncluded = this.#anyMatches(this.#includedMethods, codeName);
    if (this.#anyMatches(this.#excludedMethods, codeName)) return false;
    return isOfIncluded || isIncluded;
  }

  #anyNames(selectors: readonly Name[], candidate: Candidate): boolean {
    const named = selectors.filter((name) => names(name, candidate));
    for (const name of named) this.#unused.used(name);
    return named.length > 0;
  }

  /** By `search`, which `g` does not let answer by where it has stopped before. */
  #anyMatches(patterns: readonly RegExp[], codeName: string): boolean {
    const matching = patterns.filter((pattern) => codeName.search(pattern) >= 0);
    for (const pattern of matching) this.#unused.used(pattern);
    return matching.length > 0;
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
