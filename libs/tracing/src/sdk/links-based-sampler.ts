import { TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context, Link, SpanKind } from '@opentelemetry/api';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { nextSpanOf } from '../span/next-span.js';
import type { PlannedSampler, SamplingPlan } from '../tracer/sampling/sampling-plan.js';
import { samplingPlan } from '../tracer/sampling/sampling-plan.js';

/**
 * Samples detached work as the span it was started from: a link takes the part that the parent has in
 * a parent-based sampler. Every other span is left to the given sampler, and of detached ones it is
 * asked too, so that its attributes and trace state stay; only the decision is overruled.
 *
 * `TracingModule` puts it around the sampler of its options or of OTEL_TRACES_SAMPLER. An SDK that was
 * started elsewhere samples detached work as new traces unless its own sampler is wrapped like this.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampler
 *
 * @example
 * ```ts
 * new NodeSDK({ sampler: new LinksBasedSampler(new TraceIdRatioBasedSampler(0.1)) }).start();
 * ```
 */
export class LinksBasedSampler implements PlannedSampler {
  /** Of spans without links, which are left to the given sampler, and of those that follow another. */
  readonly plan: SamplingPlan;
  readonly #sampler: Sampler;

  /** @param sampler decides of everything but whether detached work is sampled */
  constructor(sampler: Sampler) {
    this.#sampler = sampler;
    const plan = samplingPlan(sampler);
    this.plan = { ...plan, unsampledLink: unsampledLink(plan) };
  }

  shouldSample(
    parent: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const result = this.#sampler.shouldSample(parent, traceId, name, kind, attributes, links);
    if (links.length === 0 || nextSpanOf(parent)?.followsLinks !== true) return result;
    return { ...result, decision: linkedDecision(links, result.decision) };
  }

  toString(): string {
    return `LinksBased{${this.#sampler.toString()}}`;
  }
}

/** OpenTelemetry's own samplers either record and sample, or do neither. */
function unsampledLink({ root, readsAttributes }: SamplingPlan): SamplingDecision | undefined {
  if (root !== undefined) return linkedDecision([], root);
  return readsAttributes ? undefined : SamplingDecision.NOT_RECORD;
}

/** A sampler that records without sampling may go on doing so. */
function linkedDecision(links: readonly Link[], own: SamplingDecision): SamplingDecision {
  const sampled = links.some(({ context }) => (context.traceFlags & TraceFlags.SAMPLED) !== 0);
  if (sampled) return SamplingDecision.RECORD_AND_SAMPLED;
  return own === SamplingDecision.RECORD ? own : SamplingDecision.NOT_RECORD;
}
