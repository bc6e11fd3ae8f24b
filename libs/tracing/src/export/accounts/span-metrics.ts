import type { Attributes, BatchObservableResult, Observable } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import { getBooleanFromEnv } from '@opentelemetry/core';
import { VERSION } from '../../version.js';
import type { DropReason, SpanStats } from './span-accounts.js';

const SPANS = { unit: '{span}' };
const COMPONENT: Attributes = {
  'otel.component.type': 'nestjs-tracing_span_processor',
  'otel.component.name': 'nestjs-tracing_span_processor/0',
};
/** Losses before the queue, or before the processor; all others happen at the export. */
const NEVER_QUEUED: ReadonlySet<string> = new Set<DropReason>([
  'queue_full',
  'too_large',
  'shutdown',
  'budget',
]);

/** Spans that record but are not meant for a collector are done when they end. */
const UNSAMPLED: Attributes = { ...COMPONENT, 'otel.span.sampling_result': 'RECORD_ONLY' };

/**
 * Puts the books into the SDK's self-observability metrics, by their names in the semantic
 * conventions, if a MeterProvider is registered. The answer takes them out again. At every moment
 * `span.started` is the sum of `span.live`, all of `processor.span.processed`, and
 * `processor.span.queue.size`. With OTEL_NODE_EXPERIMENTAL_SDK_METRICS the SDK counts what is started
 * and live itself, so that is left to it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/
 */
export function observeSpans(stats: () => SpanStats, maxQueueSize: number): () => void {
  const meter = metrics.getMeter('nestjs-tracing', VERSION);
  const countsSdk = getBooleanFromEnv('OTEL_NODE_EXPERIMENTAL_SDK_METRICS') === true;
  const started = meter.createObservableCounter('otel.sdk.span.started', SPANS);
  const live = meter.createObservableUpDownCounter('otel.sdk.span.live', SPANS);
  const size = meter.createObservableUpDownCounter('otel.sdk.processor.span.queue.size', SPANS);
  const room = meter.createObservableUpDownCounter('otel.sdk.processor.span.queue.capacity', SPANS);
  const processed = meter.createObservableCounter('otel.sdk.processor.span.processed', SPANS);
  const exported = meter.createObservableCounter('otel.sdk.exporter.span.exported', SPANS);
  const observe = (result: BatchObservableResult): void => {
    const now = stats();
    if (!countsSdk) {
      result.observe(started, now.started, COMPONENT);
      result.observe(live, now.started - now.ended, COMPONENT);
    }
    result.observe(size, now.queued, COMPONENT);
    result.observe(room, maxQueueSize, COMPONENT);
    result.observe(processed, now.exported, COMPONENT);
    if (now.unsampled > 0) result.observe(processed, now.unsampled, UNSAMPLED);
    result.observe(exported, now.exported, COMPONENT);
    observeLosses(result, now, processed, exported);
  };
  const all = [started, live, size, room, processed, exported];
  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
}

function observeLosses(
  result: BatchObservableResult,
  { dropped, rejected }: SpanStats,
  processed: Observable,
  exported: Observable,
): void {
  for (const [reason, count] of Object.entries({ ...dropped, rejected })) {
    const attributes = { ...COMPONENT, 'error.type': reason };
    if (count === 0) continue;
    result.observe(processed, count, attributes);
    if (!NEVER_QUEUED.has(reason)) result.observe(exported, count, attributes);
  }
}
