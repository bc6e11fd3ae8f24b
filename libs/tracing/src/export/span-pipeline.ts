import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import {
  BatchSpanProcessor,
  NoopSpanProcessor,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { ResolvedOptions } from '../options/resolve-options.js';
import type { WatcherSeat } from '../watchdog/watcher-seat.js';
import { CountingExporter } from './stock/counting-exporter.js';
import { CountingProcessor } from './stock/counting-processor.js';
import { createExporter } from './stock/create-exporter.js';
import { createEngine } from './processor/create-engine.js';
import type { ExportLog } from './accounts/collector-reporter.js';
import { ExportState } from './accounts/export-state.js';
import { LossReporter } from './accounts/loss-reporter.js';
import { SpanAccounts } from './accounts/span-accounts.js';
import { joinPipelines } from './joint-pipeline.js';
import type { SpanPipeline } from './span-pipeline.interface.js';

/**
 * Builds the pipeline that the options describe, or several where several exporters are named.
 *
 * @param seat of a watcher that may live in the export thread, if there is one
 */
export function createPipeline(
  options: ResolvedOptions,
  log: ExportLog,
  seat?: WatcherSeat,
): SpanPipeline {
  const first = pipelineOf(options, log, seat);
  const { furtherExporters } = options;
  if (furtherExporters.length === 0) return first;
  return joinPipelines(
    first,
    furtherExporters.map((exporter) =>
      pipelineOf({ ...options, exporter, viewer: undefined }, log),
    ),
  );
}

/** OTLP by the engine, the rest on stock parts. */
function pipelineOf(options: ResolvedOptions, log: ExportLog, seat?: WatcherSeat): SpanPipeline {
  const accounts = new SpanAccounts();
  const losses = new LossReporter((message) => log.warn(message));
  const { maxQueueSize } = options.batch;
  // The stock processor tells neither how old its oldest span is nor how large they are.
  const state = new ExportState(() => ({
    lagMillis: 0,
    queueFullness: accounts.fullness(maxQueueSize, Infinity),
  }));
  if (options.exporter === 'none') return stockPipeline(new NoopSpanProcessor(), accounts, state);
  const exporter = createExporter(options);
  if (exporter === undefined) return createEngine(options, accounts, losses, log, seat);
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
    open: undefined,
    flush: () => processor.forceFlush(),
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
