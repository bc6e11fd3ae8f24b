import { SamplingDecision, TraceFlags, isSpanContextValid } from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';
import { spanIn } from './context-with-span.js';
import { CallerContext } from './ids/caller-context.js';
import { LeanSpan } from './lean-span.js';
import type { SamplingPlan } from './sampling/sampling-plan.js';
import { SpanIdentity } from './ids/span-identity.js';
import { UnsampledSpan } from './unsampled-span.js';

/** A parent as a new span sees it: a span of ours by its identity, any other by its context. */
export type Parent = SpanIdentity | SpanContext;

/** The parent in a context, if there is a valid one. */
export function parentOf(ctx: Context): Parent | undefined {
  const span = spanIn(ctx);
  if (span === undefined) return undefined;
  if (LeanSpan.is(span) || span instanceof UnsampledSpan) {
    const { identity } = span;
    return !(identity instanceof SpanIdentity) || identity.isValid ? identity : undefined;
  }
  const parent = span.spanContext();
  return parent instanceof CallerContext || isSpanContextValid(parent) ? parent : undefined;
}

/** The span of a context as its headers tell it, if there is a valid one. */
export function validSpanContext(ctx: Context): SpanContext | undefined {
  const parent = parentOf(ctx);
  return parent instanceof SpanIdentity ? parent.context : parent;
}

/** Where a parent is, as the SDK's metrics tell it. */
export function originOf(parent: Parent | undefined): 'none' | 'local' | 'remote' {
  if (parent === undefined) return 'none';
  return isRemote(parent) ? 'remote' : 'local';
}

/** The decision on a span without links under this parent, if the sampler need not be asked. */
export function plannedDecision(
  plan: SamplingPlan,
  parent: Parent | undefined,
): SamplingDecision | undefined {
  if (parent === undefined) return plan.root;
  if (isRemote(parent)) return isSampled(parent) ? plan.remoteSampled : plan.remoteUnsampled;
  return isSampled(parent) ? plan.localSampled : plan.localUnsampled;
}

/** The decision of OpenTelemetry's default sampler. */
export function followedDecision(parent: Parent | undefined): SamplingDecision {
  return parent === undefined || isSampled(parent)
    ? SamplingDecision.RECORD_AND_SAMPLED
    : SamplingDecision.NOT_RECORD;
}

/** Whether it is a span of another process. */
export function isRemote(parent: Parent): boolean {
  return !(parent instanceof SpanIdentity) && parent.isRemote === true;
}

/** Whether a parent says that its trace is sampled. */
export function isSampled(parent: Parent): boolean {
  if (parent instanceof SpanIdentity) return parent.isSampled;
  return (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
}
