import { INVALID_TRACEID, TraceFlags, context } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { registeredTracer } from './registered-provider.js';
import { runtime } from './runtime.js';
import { spanIn } from '../tracer/context-with-span.js';
import { LeanSpan } from '../tracer/lean-span.js';
import { mayOpen } from './budget/may-open.js';
import { OverBudgetSpan } from '../tracer/budget/over-budget-span.js';
import { UnsampledSpan } from '../tracer/unsampled-span.js';
import { withoutEndedStartUp } from './start-up.js';

/** Where a span is to open: the tracer to ask, and the context that holds its parent. */
export interface SpanSite {
  readonly tracer: Tracer;
  readonly parent: Context;
  /** Whether the trace has left spans out for want of room: who makes very many calls need not try. */
  readonly isFull?: boolean;
}

/**
 * Where a span would open in a context, or undefined if none is to be made: no SDK is registered, or the
 * local parent is sampled out and the sampler follows it.
 *
 * @param ctx default: the active one
 * @param name of the span where it is known: one that its trace has no room for is counted, and is not made
 */
export function spanSite(ctx: Context = context.active(), name?: string): SpanSite | undefined {
  const tracer = registeredTracer();
  if (tracer === undefined) return undefined;
  const span = spanIn(ctx);
  if (span === undefined) return { tracer, parent: ctx };
  if (leavesOut(span)) return undefined;
  const isFull = LeanSpan.is(span) && span.identity.trace.isFull;
  const parent = withoutEndedStartUp(ctx, span);
  if (isFull && name !== undefined && !mayOpen(parent, name)) return undefined;
  return { tracer, parent, isFull };
}

/**
 * Whether a span would open, for who need not know where.
 *
 * @param ctx default: the active one
 */
export function opensSpans(ctx: Context = context.active()): boolean {
  if (registeredTracer() === undefined) return false;
  const span = spanIn(ctx);
  return span === undefined || !leavesOut(span);
}

/** Whether no span is made under this one: it is sampled out, and the sampler follows it. */
function leavesOut(span: Span): boolean {
  return runtime().followsLocalParent && isSampledOut(span);
}

function isSampledOut(span: Span): boolean {
  if (span.isRecording()) return false;
  if (span instanceof UnsampledSpan) return !(span instanceof OverBudgetSpan);
  const { traceFlags, isRemote, traceId } = span.spanContext();
  return (
    (traceFlags & TraceFlags.SAMPLED) === 0 && isRemote !== true && traceId !== INVALID_TRACEID
  );
}
