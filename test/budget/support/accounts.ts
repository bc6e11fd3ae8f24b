import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { expect } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import type { HttpApp } from '../../http/support/http-app.js';

/** What was left out of a trace. */
interface Told {
  readonly dropped: number;
  readonly collapsed: number;
}

/** What a root says of its trace; after one request the sums of the application must say the same. */
export function toldOf({ app }: HttpApp, { attributes }: ReadableSpan): Told {
  const told = {
    dropped: Number(attributes['async.spans.dropped'] ?? 0),
    collapsed: Number(attributes['async.spans.collapsed'] ?? 0),
  };
  const { dropped, collapsed } = app.get(TracingService).stats().spans;
  expect({ dropped: dropped.budget, collapsed }).toEqual(told);
  return told;
}

/** The spans that calls have together. */
export function summariesOf({ spans }: HttpApp): ReadableSpan[] {
  return spans.finished.filter(({ attributes }) => 'async.collapsed.count' in attributes);
}

/** The number of calls that have these spans together. */
export function callsIn(summaries: readonly ReadableSpan[]): number {
  return summaries.reduce(
    (sum, { attributes }) => sum + Number(attributes['async.collapsed.count']),
    0,
  );
}

/** Checks that every span but the root hangs on one that has ended. */
export function expectNoOrphans({ spans }: HttpApp, root: ReadableSpan): void {
  const ids = new Set(spans.finished.map((span) => span.spanContext().spanId));
  for (const span of spans.finished) {
    if (span !== root) expect(ids).toContain(span.parentSpanContext?.spanId);
  }
}
