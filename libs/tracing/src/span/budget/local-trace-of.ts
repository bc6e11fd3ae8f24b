import type { Span } from '@opentelemetry/api';
import { OverBudgetSpan } from '../../tracer/budget/over-budget-span.js';
import { SpanIdentity } from '../../tracer/ids/span-identity.js';
import type { LocalTrace } from '../../tracer/ids/local-trace.js';
import { LeanSpan } from '../../tracer/lean-span.js';

/** What this process knows of the trace that a span of ours is recorded in. */
export function localTraceOf(span: Span | undefined): LocalTrace | undefined {
  if (span === undefined || !(LeanSpan.is(span) || span instanceof OverBudgetSpan))
    return undefined;
  const { identity } = span;
  return identity instanceof SpanIdentity ? identity.trace : undefined;
}
