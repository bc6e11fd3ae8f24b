import { SamplingDecision } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { withSpan } from '../context-with-span.js';
import { SpanIdentity } from '../ids/span-identity.js';
import type { Parent } from '../parent.js';
import { isSampled, originOf, parentOf, plannedDecision } from '../parent.js';
import type { SamplingPlan } from '../sampling/sampling-plan.js';
import type { SamplingRules } from '../sampling/sampling-rules.js';
import type { SamplingSubject } from '../sampling/sampling-subject.interface.js';
import type { TracerMetrics } from '../tracer-metrics.js';
import { UnsampledSpan } from '../unsampled-span.js';
import { LeftOutIds } from './left-out-ids.js';

/** Knows, without asking the sampler, which spans without links are left out: they need not be started. */
export class LeftOut {
  readonly #plan: SamplingPlan;
  readonly #metrics: TracerMetrics | undefined;
  readonly #ids: LeftOutIds | undefined;
  readonly #rules: SamplingRules | undefined;

  /** @param makesIds whether ids of roots are made here; an application's generator is asked by the tracer */
  constructor(
    plan: SamplingPlan,
    metrics: TracerMetrics | undefined,
    makesIds: boolean,
    rules?: SamplingRules,
  ) {
    this.#rules = rules;
    this.#plan = plan;
    this.#metrics = metrics;
    this.#ids = makesIds ? new LeftOutIds() : undefined;
  }

  /** Whether the span of what is done in a context is known to be left out. */
  has(ctx: Context): boolean {
    return this.#drops(parentOf(ctx), ctx);
  }

  /**
   * Returns the context of what is done in another one, if its span is known to be left out; counts it. What
   * rules decide on is not known: each of them counts, and hears of failures.
   */
  contextIn(ctx: Context, subject?: SamplingSubject): Context | undefined {
    const parent = parentOf(ctx);
    if (!this.#drops(parent, ctx, subject)) return undefined;
    this.#metrics?.start(originOf(parent), SamplingDecision.NOT_RECORD);
    if (parent instanceof SpanIdentity) return ctx;
    const identity = parent ?? this.#ids?.next();
    return identity && withSpan(ctx, new UnsampledSpan(identity));
  }

  /**
   * Returns the context of a root that is known to be left out since it follows the span that it links to,
   * which is the one in a context; counts it. Baggage stays.
   */
  linkedContextIn(ctx: Context, subject?: SamplingSubject): Context | undefined {
    const origin = parentOf(ctx);
    if (origin === undefined) return this.contextIn(ctx, subject);
    if (isSampled(origin) || isTracingSuppressed(ctx)) return undefined;
    if (subject && this.#rules?.decidingOn({ subject, hasOrigin: true }, undefined))
      return undefined;
    if (this.#plan.unsampledLink !== SamplingDecision.NOT_RECORD) return undefined;
    const identity = this.#ids?.next();
    if (identity === undefined) return undefined;
    this.#metrics?.start('none', SamplingDecision.NOT_RECORD);
    return withSpan(ctx, new UnsampledSpan(identity));
  }

  #drops(parent: Parent | undefined, ctx: Context, subject?: SamplingSubject): boolean {
    if (parent === undefined && this.#ids === undefined) return false;
    if (this.#rules?.decidingOn(subject === undefined ? {} : { subject }, parent)) return false;
    const decision = plannedDecision(this.#plan, parent);
    return decision === SamplingDecision.NOT_RECORD && !isTracingSuppressed(ctx);
  }
}
