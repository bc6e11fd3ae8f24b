import { SpanIdentity } from '../ids/span-identity.js';
import type { Parent } from '../parent.js';
import { isRemote } from '../parent.js';
import type { RuleSettings, SamplingStats } from './sampling-rule.js';
import { SamplingRule } from './sampling-rule.js';
import type { SamplingSubject, SubjectOptions } from './sampling-subject.interface.js';

/** More names than an application has. Clients may make up methods of gRPC: those are looked up each time. */
const MAX_KNOWN = 2000;

/** Decides on the roots of this process: what has a parent, or an origin, is sampled as that is. */
export class SamplingRules {
  /** Whether the route of a request has to be known before its span starts. */
  readonly readsRoutes: boolean;
  readonly #rules: readonly SamplingRule[];
  readonly #others: SamplingRule;
  readonly #known = new Map<string, Map<string, SamplingRule | undefined>>();
  #knownCount = 0;

  /**
   * @param rules the first one that matches decides
   * @param others decides where none does
   */
  constructor(rules: readonly RuleSettings[], others: RuleSettings) {
    this.#rules = rules.map((settings) => new SamplingRule(settings));
    this.#others = new SamplingRule(others);
    this.readsRoutes = this.#rules.some(({ kind }) => kind === 'route');
  }

  /** Returns the rule that decides on a span, or undefined if its parent does. */
  decidingOn(options: SubjectOptions, parent: Parent | undefined): SamplingRule | undefined {
    if (parent instanceof SpanIdentity) return undefined;
    const { subject, hasOrigin } = options;
    const rule = subject && this.#ruleFor(subject);
    if (parent === undefined && hasOrigin !== true) return rule ?? this.#others;
    return rule?.override === true && (parent === undefined || isRemote(parent)) ? rule : undefined;
  }

  stats(): readonly SamplingStats[] {
    return Object.freeze([...this.#rules, this.#others].map((rule) => rule.stats()));
  }

  #ruleFor(subject: SamplingSubject): SamplingRule | undefined {
    const { kind, name, method = kind } = subject;
    const names = this.#known.get(method);
    const known = names?.get(name);
    if (known !== undefined || names?.has(name) === true) return known;
    const rule = this.#rules.find((each) => each.matches(subject));
    if (this.#knownCount < MAX_KNOWN) this.#learn(method, name, rule);
    return rule;
  }

  #learn(method: string, name: string, rule: SamplingRule | undefined): void {
    this.#knownCount += 1;
    const names = this.#known.get(method) ?? new Map<string, SamplingRule | undefined>();
    this.#known.set(method, names.set(name, rule));
  }
}
