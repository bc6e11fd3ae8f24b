import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { withSpan } from '../tracer/context-with-span.js';
import { LocalTrace } from '../tracer/ids/local-trace.js';
import { SpanIdentity } from '../tracer/ids/span-identity.js';
import { LeanSpan } from '../tracer/lean-span.js';
import { TraceClocks } from '../tracer/clock/trace-clock.js';
import { UnsampledSpan } from '../tracer/unsampled-span.js';
import { isRandomTrace } from './w3c-propagator.js';

/** The ids of a parent on another thread, in 32-bit words: those of its trace, then its own two. */
export type ParentWords = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  high: number,
  low: number,
];

const clocks = new TraceClocks();

/**
 * Returns the parent in a context as numbers, which cross to another thread at a fraction of what
 * headers cost. Undefined if they do not say it all: then headers do.
 */
export function parentWordsOf(ctx: Context): ParentWords | undefined {
  const span = trace.getSpan(ctx);
  if (span === undefined || !(LeanSpan.is(span) || span instanceof UnsampledSpan)) return undefined;
  const { identity } = span;
  if (!(identity instanceof SpanIdentity)) return undefined;
  if (!identity.hasWords || !identity.trace.hasWords || !identity.isValid) return undefined;
  if (identity.traceState !== undefined || propagation.getBaggage(ctx) !== undefined)
    return undefined;
  if (isTracingSuppressed(ctx) || isRandomTrace(ctx)) return undefined;
  const { a, b, c, d } = identity.trace;
  return [a, b, c, d, identity.high, identity.low];
}

/** The identity that a parent has on its own thread. */
export function parentIdentity(
  [a, b, c, d, high, low]: ParentWords,
  sampled: boolean,
): SpanIdentity {
  const local = LocalTrace.resume(clocks.current(), [a, b, c, d]);
  return new SpanIdentity(local, high, low, sampled, undefined);
}

/** The context below a parent on another thread. */
export function contextBelow(parent: SpanIdentity): Context {
  return withSpan(ROOT_CONTEXT, new UnsampledSpan(parent));
}
