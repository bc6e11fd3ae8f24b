import type { Sampler } from '@opentelemetry/sdk-trace';
import type { PreparedAttributes } from './attributes/prepared-attributes.js';
import type { SpanBudget } from './budget/span-budget.js';
import type { Identities } from './ids/identities.js';
import type { LeftOut } from './left-out/left-out.js';
import type { SamplingPlan } from './sampling/sampling-plan.js';
import type { SamplingRules } from './sampling/sampling-rules.js';
import type { TracerMetrics } from './tracer-metrics.js';

/** What a tracer needs of its provider. */
export interface TracerParts {
  readonly sampler: Sampler;
  readonly plan: SamplingPlan;
  readonly identities: Identities;
  readonly leftOut: LeftOut;
  readonly budget: SpanBudget | undefined;
  readonly rules: SamplingRules | undefined;
  readonly metrics: TracerMetrics | undefined;
  /** Characters of an attribute's value that are kept. */
  readonly valueLength: number;
  readonly prepared: PreparedAttributes;
}
