import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace';

/**
 * A processor that comes before all others and hardly ever wants to be told: it is asked first, for that
 * costs next to nothing.
 */
export interface SpanGuard extends SpanProcessor {
  readonly wantsStart: boolean;
  readonly wantsEnding: boolean;
}

/** What all spans of one tracer have in common. */
export interface SpanShared {
  readonly instrumentationScope: InstrumentationScope;
  readonly resource: Resource;
  readonly limits: Required<SpanLimits>;
  readonly processors: readonly SpanProcessor[];
  readonly guard: SpanGuard | undefined;
  /** Whether ended spans have the fields that `{ ...span }` copies. */
  readonly exposesFields: boolean;
}

/** OpenTelemetry's own defaults of what a span may hold. */
const DEFAULT_LIMITS: Required<SpanLimits> = {
  attributeCountLimit: 128,
  attributeValueLengthLimit: Infinity,
  eventCountLimit: 128,
  linkCountLimit: 128,
  attributePerEventCountLimit: 128,
  attributePerLinkCountLimit: 128,
};

/** The limits that are given, and OpenTelemetry's defaults for the others. */
export function spanLimits(given: SpanLimits = {}): Required<SpanLimits> {
  const known = Object.entries(given).filter(
    ([, limit]) => (limit as unknown) !== undefined && (limit as unknown) !== null,
  );
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(known) };
}
