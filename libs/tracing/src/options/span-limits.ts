import type { SpanLimits } from '@opentelemetry/sdk-trace';
import { countFromEnv } from './environment.js';

/** The limits that OTEL_SPAN_* and OTEL_ATTRIBUTE_* ask for, and those of ours where they do not. */
export function spanLimitsFromEnv(): SpanLimits {
  return {
    attributeValueLengthLimit:
      countFromEnv('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT') ??
      4096,
    attributeCountLimit:
      countFromEnv('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT') ?? 128,
  };
}
