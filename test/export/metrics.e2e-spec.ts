import { trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { afterEach, expect, it } from 'vitest';
import { FaultCollector } from '../support/fault-collector.js';
import { decodeSpans } from '../support/otlp-wire.js';
import { TracingApp, figure } from '../support/tracing-app.js';

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });

/** The values of every metric of the SDK, by its name and what marks the value. */
async function measured(): Promise<Record<string, Record<string, number>>> {
  exporter.reset();
  await reader.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  const all: Record<string, Record<string, number>> = {};
  for (const { descriptor, dataPoints } of metrics.flatMap((scope) => scope.metrics)) {
    const points = dataPoints.map(({ attributes, value }) => {
      const mark = attributes['error.type'] ?? attributes['otel.span.sampling_result'];
      return [(mark as string | undefined) ?? 'fine', value];
    });
    all[descriptor.name] = Object.fromEntries(points) as Record<string, number>;
  }
  return all;
}

const sum = (values: Record<string, number> = {}): number =>
  Object.values(values).reduce((total, value) => total + value, 0);

/** What the metrics do not account for: 0, always. */
function unaccounted(metrics: Record<string, Record<string, number>>): number {
  return (
    sum(metrics['otel.sdk.span.started']) -
    sum(metrics['otel.sdk.span.live']) -
    sum(metrics['otel.sdk.processor.span.processed']) -
    sum(metrics['otel.sdk.processor.span.queue.size'])
  );
}

const byName: Sampler = {
  shouldSample: (_, __, name) => ({
    decision: name === 'unsampled' ? SamplingDecision.RECORD : SamplingDecision.RECORD_AND_SAMPLED,
  }),
  toString: () => 'by name',
};

it("R3 E3 the SDK's own metrics balance as the books do, whatever becomes of a span", async () => {
  collector = await FaultCollector.start();
  collector.answer = ({ body }) => {
    const names = decodeSpans(body).map(({ name }) => name);
    if (names.includes('refused')) return { code: 3 };
    return names.includes('partly') ? { rejected: 5 } : {};
  };
  const batch = { maxQueueSize: 200, scheduleDelayMillis: 60_000 };
  const sdk = { metricReaders: [reader] };
  app = await TracingApp.start({ endpoint: collector.url, batch, sampler: byName, sdk });
  for (const [name, count] of [
    ['fine', 50],
    ['refused', 20],
    ['partly', 30],
  ] as const) {
    app.end(count, name);
    expect(unaccounted(await measured())).toBe(0);
    await app.tracing.flush();
    expect(unaccounted(await measured())).toBe(0);
  }
  app.end(10, 'unsampled');
  app.end(230, 'burst');
  trace.getTracer('test').startSpan('open');
  const metrics = await measured();
  figure(`R3 difference ${unaccounted(metrics)}: ${JSON.stringify(metrics)}`);
  expect(unaccounted(metrics)).toBe(0);
  const exported = { fine: 50 + 25 + 1, non_retryable: 20, rejected: 5 }; // 1: the report of the loss
  expect(metrics).toEqual({
    'otel.sdk.span.started': { fine: 342 },
    'otel.sdk.span.live': { fine: 1 },
    'otel.sdk.processor.span.queue.size': { fine: 200 },
    'otel.sdk.processor.span.queue.capacity': { fine: 200 },
    'otel.sdk.processor.span.processed': { ...exported, queue_full: 30, RECORD_ONLY: 10 },
    'otel.sdk.exporter.span.exported': exported,
  });
});
