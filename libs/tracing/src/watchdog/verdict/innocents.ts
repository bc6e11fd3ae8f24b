import type { Span as ApiSpan } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import { LeanSpan } from '../../tracer/lean-span.js';
import type { Stall } from '../pulse/stall.interface.js';
import { millisOf } from '../pulse/stall.interface.js';

/**
 * The spans that have blocked the loop, and those that enclose them: these have not waited for others.
 *
 * @param known where the enclosing ones are looked for: those too that have ended since the block
 */
export function involvedSpans(
  known: readonly Span[],
  blamed: readonly ApiSpan[],
): ReadonlySet<ApiSpan> {
  const byId = new Map(known.map((span) => [span.spanContext().spanId, span]));
  const involved = new Set<ApiSpan>(blamed);
  for (const span of blamed) {
    let parent = parentOf(span, byId);
    while (parent !== undefined && !involved.has(parent)) {
      involved.add(parent);
      parent = parentOf(parent, byId);
    }
  }
  return involved;
}

/** The part of a stall that a span was there for, from 0 to 1. */
export function partSeen(span: Span, stall: Stall): number {
  const from = Math.max(stall.startedAt, startOf(span));
  return Math.max(0, stall.endedAt - from) / millisOf(stall);
}

function parentOf(span: ApiSpan, byId: ReadonlyMap<string, Span>): Span | undefined {
  const { parentSpanContext } = span as Partial<Span>;
  return parentSpanContext && byId.get(parentSpanContext.spanId);
}

/** When a span began, by `performance.now()`. */
export function startOf(span: Span): number {
  if (LeanSpan.is(span)) return span.startedAt;
  const [seconds, nanos] = span.startTime;
  return seconds * 1000 + nanos / 1e6 - performance.timeOrigin;
}
