import { SamplingDecision } from '@opentelemetry/api';
import type { Attributes, Counter, MeterProvider, UpDownCounter } from '@opentelemetry/api';
import { VERSION } from '../version.js';

const RESULTS = {
  [SamplingDecision.NOT_RECORD]: 'DROP',
  [SamplingDecision.RECORD]: 'RECORD_ONLY',
  [SamplingDecision.RECORD_AND_SAMPLED]: 'RECORD_AND_SAMPLE',
} as const;

/**
 * The SDK's own metrics of the spans that are started and of those that are open.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/#span-metrics
 */
export class TracerMetrics {
  readonly #started: Counter;
  readonly #live: UpDownCounter;

  constructor(provider: MeterProvider) {
    const meter = provider.getMeter('nestjs-tracing', VERSION);
    this.#started = meter.createCounter('otel.sdk.span.started', {
      unit: '{span}',
      description: 'The number of created spans.',
    });
    this.#live = meter.createUpDownCounter('otel.sdk.span.live', {
      unit: '{span}',
      description: 'The number of currently live spans.',
    });
  }

  /** Counts a span in. The function returned, if the span records, counts it out. */
  start(parent: 'none' | 'local' | 'remote', decision: SamplingDecision): (() => void) | undefined {
    const result: Attributes = { 'otel.span.sampling_result': RESULTS[decision] };
    this.#started.add(1, { 'otel.span.parent.origin': parent, ...result });
    if (decision === SamplingDecision.NOT_RECORD) return undefined;
    this.#live.add(1, result);
    return () => this.#live.add(-1, result);
  }
}
