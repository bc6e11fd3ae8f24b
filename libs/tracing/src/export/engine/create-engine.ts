import type { ResolvedOptions } from '../../options/resolve-options.js';
import type { ExportSettings } from '../core/export-settings.js';
import { exportSettings } from '../core/export-settings.js';
import type { LossReporter } from '../loss-reporter.js';
import type { SpanAccounts } from '../span-accounts.js';
import type { SpanPipeline } from '../span-pipeline.js';
import { findPackageFile } from '../../package-file.js';
import { EngineProcessor } from './engine-processor.js';
import type { ExportLane, LaneListener } from './export-lane.interface.js';
import { InlineLane } from './inline-lane.js';
import { SpanHandover } from './span-handover.js';
import { WorkerLane } from './worker-lane.js';

const THREAD = 'dist/export/thread/export-thread.js';

/** Builds the export engine: encoding on the application's thread, all the rest on another. */
export function createEngine(
  options: ResolvedOptions,
  accounts: SpanAccounts,
  losses: LossReporter,
  warn: (message: string) => void,
): SpanPipeline {
  const settings = exportSettings(options);
  const makeLane = (listener: LaneListener): ExportLane =>
    createLane(options, settings, listener, warn);
  const handover = new SpanHandover(options.batch.maxQueueSize, accounts, losses, makeLane);
  const processor = new EngineProcessor(handover, accounts, losses, options);
  return {
    processor,
    stop: (timeoutMillis) => processor.shutdown(timeoutMillis),
    stats: () => handover.stats(),
  };
}

function createLane(
  { exportThread }: ResolvedOptions,
  settings: ExportSettings,
  listener: LaneListener,
  warn: (message: string) => void,
): ExportLane {
  if (exportThread === 'main') return new InlineLane(settings, listener);
  const file = findPackageFile(THREAD);
  if (file !== undefined) return new WorkerLane(file, settings, listener);
  warn(
    'The export runs on the main thread: the file of the export thread was not found. ' +
      'Leave nestjs-tracing out of the bundle, or install it beside it, or set exportThread to "main".',
  );
  return new InlineLane(settings, listener);
}
