import { byNearness } from '../validation/nearest.js';
import type { AutoTraceSelector } from './auto-trace-options.interface.js';

/** So many classes are named where none was found. */
const MAX_NEAREST = 3;

/** Keeps the selectors that no class has answered to yet. */
export class UnusedSelectors {
  readonly #places = new Map<AutoTraceSelector, string>();
  readonly #classes = new Set<string>();
  readonly #methods = new Set<string>();

  /** Takes the selectors of an option. */
  add(option: string, selectors: readonly AutoTraceSelector[] = []): void {
    selectors.forEach((selector, index) => {
      this.#places.set(selector, `${option}[${index}], ${describe(selector)}`);
    });
  }

  /** A class has been asked about. */
  seen(name: string): void {
    this.#classes.add(name);
  }

  /** A method has been asked about, by `Class.method`. */
  seenMethod(name: string): void {
    this.#methods.add(name);
  }

  /** A class, or a method, has answered to a selector. */
  used(selector: AutoTraceSelector): void {
    this.#places.delete(selector);
  }

  /** Says of each selector what is wrong with it, and what may have been meant. */
  describe(): string[] {
    return [...this.#places].map(
      ([selector, place]) => `autoTrace.${place}: ${fault(selector)}; ${this.#cure(selector)}.`,
    );
  }

  #cure(selector: AutoTraceSelector): string {
    const name = bareName(selector);
    if (typeof selector === 'string' && this.#classes.has(name))
      return `a text is a token: write the class ${name} itself, or the pattern /^${name}\\./`;
    const known = name.includes('.') ? this.#methods : this.#classes;
    const nearest = byNearness(name, known).slice(0, MAX_NEAREST);
    if (nearest.length === 0) return 'there is none that autoTrace could choose';
    const names = nearest.map((each) => each.name).join(', ');
    return nearest.length === 1 ? `the nearest is ${names}` : `the nearest are ${names}`;
  }
}

function fault(selector: AutoTraceSelector): string {
  return selector instanceof RegExp
    ? 'no method of this application, as Class.method, matches it'
    : 'no class of this application answers to it';
}

function describe(selector: AutoTraceSelector): string {
  return typeof selector === 'function' ? selector.name : String(selector);
}

/** The class, or `Class.method`, that a selector is probably about. */
function bareName(selector: AutoTraceSelector): string {
  if (typeof selector === 'symbol') return selector.description ?? '';
  if (!(selector instanceof RegExp)) return describe(selector);
  const [name = '', method] = selector.source.replaceAll(/\\[a-zA-Z]|[^\w.]/g, '').split('.');
  return method ? `${name}.${method}` : name;
}
