import type { Attributes, Exception, Span, SpanOptions, TimeInput } from '@opentelemetry/api';
import { exceptionAttributes } from '../exception-attributes.js';
import type { SpanIdentity } from '../ids/span-identity.js';
import type { Parent } from '../parent.js';
import { UnsampledSpan } from '../unsampled-span.js';
import type { SamplingRule } from './sampling-rule.js';

/** So much is kept of a root that may yet fail. */
const MAX_ATTRIBUTES = 32;
const MAX_EVENTS = 8;

/** An event of a root that is sampled out. */
interface KeptEvent {
  readonly name: string;
  readonly attributes: Attributes;
  readonly time: TimeInput;
}

/** Records a root at its end that was sampled out at its start. */
export interface LateRecorder {
  recordLate(root: SampledOutRoot, name: string, options: SpanOptions): Span;
}

/**
 * The root of a trace that a rule has sampled out. It records nothing; but if it fails its rule counts it,
 * and may have it recorded after all, alone: what was below it is gone.
 */
export class SampledOutRoot extends UnsampledSpan {
  declare readonly identity: SpanIdentity;
  /** Of the caller, whose decision the rule has overridden. */
  readonly parent: Parent | undefined;
  readonly rule: SamplingRule;
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly #recorder: LateRecorder;
  #attributes: Attributes | undefined;
  #events: KeptEvent[] | undefined;
  #attributeCount = 0;

  constructor(
    identity: SpanIdentity,
    parent: Parent | undefined,
    rule: SamplingRule,
    startedAt: number,
    recorder: LateRecorder,
  ) {
    super(identity);
    this.parent = parent;
    this.rule = rule;
    this.startedAt = startedAt;
    this.#recorder = recorder;
    rule.leaveOut();
  }

  /** What it was told while it was open. */
  get attributes(): Attributes {
    return this.#attributes ?? {};
  }

  get events(): readonly KeptEvent[] {
    return this.#events ?? [];
  }

  override setAttribute(key?: string, value?: Attributes[string]): this {
    if (key === undefined || !this.rule.keepsErrors || this.#attributeCount >= MAX_ATTRIBUTES) {
      return this;
    }
    this.#attributeCount += 1;
    (this.#attributes ??= {})[key] = value;
    return this;
  }

  override setAttributes(attributes: Attributes = {}): this {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value);
    return this;
  }

  override recordException(exception?: Exception): void {
    const attributes = exception && this.rule.keepsErrors && exceptionAttributes(exception);
    if (!attributes || (this.#events?.length ?? 0) >= MAX_EVENTS) return;
    (this.#events ??= []).push({ name: 'exception', attributes, time: performance.now() });
  }

  /**
   * It has failed.
   *
   * @returns its span, if it is to be recorded; whoever ends it says how it failed
   */
  fail(name: string, options: SpanOptions): Span | undefined {
    return this.rule.failed() ? this.#recorder.recordLate(this, name, options) : undefined;
  }
}
