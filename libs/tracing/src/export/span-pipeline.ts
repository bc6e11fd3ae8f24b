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
import { createEngine } from './engine/create-engine.js';
import type { ExportStats } from './export-state.js';
import { ExportState } from './export-state.js';
import { LossReporter } from './loss-reporter.js';
import type { SpanStats } from './span-accounts.js';
import { SpanAccounts } from './span-accounts.js';

/** Everything between a span's end and the collector. */
export interface SpanPipeline {
  readonly processor: SpanProcessor;
  /** Begins the end with a time limit of its own: the processor's `shutdown`, which has none, joins it. */
  stop(timeoutMillis: number): Promise<void>;
  stats(): SpanStats;
  exportStats(): ExportStats;
}

/** Builds the pipeline that the options describe: OTLP by the engine, the rest on stock parts. */
export function createPipeline(
  options: ResolvedOptions,
  warn: (message: string) => void,
): SpanPipeline {
  const accounts = new SpanAccounts();
  const losses = new LossReporter(warn);
  const { maxQueueSize } = options.batch;
  // The stock processor tells neither how old its oldest span is nor how large they are.
  const state = new ExportState(() => ({
    lagMillis: 0,
    queueFullness: accounts.fullness(maxQueueSize, Infinity),
  }));
  if (options.exporter === 'none') return stockPipeline(new NoopSpanProcessor(), accounts, state);
  const exporter = createExporter(options);
  if (exporter === undefined) return createEngine(options, accounts, losses, warn);
  const counting = new CountingExporter(exporter, accounts, losses, state);
  const stock = stockProcessor(counting, options);
  return stockPipeline(
    new CountingProcessor(stock, accounts, losses, maxQueueSize),
    accounts,
    state,
  );
}

/** Stock parts take the time they take. */
function stockPipeline(
  processor: SpanProcessor,
  accounts: SpanAccounts,
  state: ExportState,
): SpanPipeline {
  return {
    processor,
    stats: () => accounts.snapshot(),
    exportStats: () => state.snapshot(),
    stop: () => Promise.resolve(),
  };
}

/** What goes to the console is for a person to read at once. */
function stockProcessor(exporter: SpanExporter, options: ResolvedOptions): SpanProcessor {
  if (options.exporter === 'console') return new SimpleSpanProcessor({ exporter });
  const { scheduleDelayMillis, ...batch } = options.batch;
  return new BatchSpanProcessor({ exporter, scheduledDelayMillis: scheduleDelayMillis, ...batch });
}
