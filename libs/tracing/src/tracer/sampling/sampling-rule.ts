import type { AttributeList } from '../attributes/attribute-list.js';
import type { LocalTrace } from '../ids/local-trace.js';
import { globTest } from './glob.js';
import type { SamplingSubject, SubjectKind } from './sampling-subject.interface.js';

/** The rule that has decided on a root. */
const ATTR_RULE = 'sampling.rule';
/** True on a root that was recorded at its end, since it has failed. */
const ATTR_LATE = 'sampling.late';

/** All that a trace id can be, as one word. */
const WORDS = 2 ** 32;

/** What one rule is made of. */
export interface RuleSettings {
  /** How attributes and figures call it. */
  readonly name: string;
  /** The share of traces that it keeps. */
  readonly ratio: number;
  /** Whether a root that fails is recorded alone, though it is sampled out. */
  readonly keepErrors: boolean;
  /** Whether it decides on what a caller has decided on already. */
  readonly override?: boolean;
  /** What it is for. Default: whatever no other rule is for. */
  readonly subject?: {
    readonly kind: SubjectKind;
    readonly pattern: string;
    readonly method?: string;
  };
}

/**
 * What became of roots that a rule has sampled out.
 *
 * @example
 * ```ts
 * for (const { rule, failed } of tracing.stats().sampling) {
 *   if (failed > 0) logger.warn(`${failed} failures sampled out by "${rule}"`);
 * }
 * ```
 */
export interface SamplingStats {
  /** The name of the rule; `default` is what no rule is for. */
  readonly rule: string;
  /** Roots that it has sampled out. */
  readonly sampledOut: number;
  /** Of these, the ones that have failed. */
  readonly failed: number;
  /** Of these, the ones that were recorded at their end. */
  readonly recordedLate: number;
}

/** One rule, and what has become of the roots that it decided on. */
export class SamplingRule {
  readonly name: string;
  readonly override: boolean;
  readonly kind: SubjectKind | undefined;
  readonly #settings: RuleSettings;
  readonly #bound: number;
  readonly #matches: (name: string) => boolean;
  #sampledOut = 0;
  #failed = 0;
  #recordedLate = 0;

  constructor(settings: RuleSettings) {
    const { name, ratio, subject, override = false } = settings;
    this.name = name;
    this.override = override;
    this.kind = subject?.kind;
    this.#settings = settings;
    this.#bound = ratio === 1 ? WORDS : Math.floor(ratio * (WORDS - 1));
    this.#matches = globTest(subject?.pattern ?? '*');
  }

  /** Whether it is for what came in. */
  matches({ kind, name, method }: SamplingSubject): boolean {
    const { subject } = this.#settings;
    if (subject === undefined || subject.kind !== kind) return false;
    if (subject.method !== undefined && subject.method !== method) return false;
    return this.#matches(name);
  }

  /**
   * Whether a trace is kept: by its id, as the SDK's ratio sampler has it, so that services with the same
   * ratio agree, and a trace that a small ratio keeps is kept by every larger one. All words of the id count:
   * the random half of one that begins with a time suffices.
   */
  keeps({ a, b, c, d, hasWords }: LocalTrace): boolean {
    return hasWords && (a ^ b ^ c ^ d) >>> 0 < this.#bound;
  }

  /** Counts a root that is sampled out. */
  leaveOut(): void {
    this.#sampledOut += 1;
  }

  /** Whether roots that fail are recorded at their end. */
  get keepsErrors(): boolean {
    return this.#settings.keepErrors;
  }

  /** Counts a root that has failed though it is sampled out. Returns whether it is to be recorded now. */
  failed(): boolean {
    this.#failed += 1;
    if (this.keepsErrors) this.#recordedLate += 1;
    return this.keepsErrors;
  }

  /** Writes on a root that it is the one which decided; of what no rule is for nothing is said. */
  mark(attributes: AttributeList, isLate = false): void {
    if (this.kind !== undefined) attributes.set(ATTR_RULE, this.name);
    if (isLate) attributes.set(ATTR_LATE, true);
  }

  stats(): SamplingStats {
    return Object.freeze({
      rule: this.name,
      sampledOut: this.#sampledOut,
      failed: this.#failed,
      recordedLate: this.#recordedLate,
    });
  }
}
