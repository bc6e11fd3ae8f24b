import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import {
  BatchSpanProcessor,
  NoopSpanProcessor,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { CountingExporter } from './counting-exporter.js';
import { CountingProcessor } from './counting-processor.js';
import { createExporter } from './create-exporter.js';
import { LossReporter } from './loss-reporter.js';
import type { SpanStats } from './span-accounts.js';
import { SpanAccounts } from './span-accounts.js';

/** Everything between a span's end and the collector: the seam for the export engine. */
export interface SpanPipeline {
  readonly processor: SpanProcessor;
  stats(): SpanStats;
}

/** Builds the pipeline that the options describe, on OpenTelemetry's stock processor and exporters. */
export function createPipeline(
  options: ResolvedOptions,
  warn: (message: string) => void,
): SpanPipeline {
  const accounts = new SpanAccounts();
  const stats = (): SpanStats => accounts.snapshot();
  const exporter = createExporter(options);
  if (exporter === undefined) return { processor: new NoopSpanProcessor(), stats };
  const losses = new LossReporter(warn);
  const stock = stockProcessor(new CountingExporter(exporter, accounts, losses), options);
  const { maxQueueSize } = options.batch;
  return { processor: new CountingProcessor(stock, accounts, losses, maxQueueSize), stats };
}

/** What goes to the console is for a person to read at once. */
function stockProcessor(exporter: SpanExporter, options: ResolvedOptions): SpanProcessor {
  if (options.exporter === 'console') return new SimpleSpanProcessor({ exporter });
  const { scheduleDelayMillis, ...batch } = options.batch;
  return new BatchSpanProcessor({ exporter, scheduledDelayMillis: scheduleDelayMillis, ...batch });
}
