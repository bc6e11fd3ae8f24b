import type { ResolvedOptions } from '../../options/resolve-options.js';
import { exportSettings } from '../core/export-settings.js';
import { ExportState } from '../export-state.js';
import type { LossReporter } from '../loss-reporter.js';
import type { SpanAccounts } from '../span-accounts.js';
import type { SpanPipeline } from '../span-pipeline.js';
import { createLane } from './create-lane.js';
import { EngineProcessor } from './engine-processor.js';
import type { ExportLane, LaneListener } from './export-lane.interface.js';
import { MAX_QUEUE_BYTES, SpanHandover } from './span-handover.js';
import { watchLane } from './watched-lane.js';

/** Builds the export engine: encoding on the application's thread, all the rest on another. */
export function createEngine(
  options: ResolvedOptions,
  accounts: SpanAccounts,
  losses: LossReporter,
  warn: (message: string) => void,
): SpanPipeline {
  const { maxQueueSize } = options.batch;
  const settings = exportSettings(options);
  let lane: ExportLane | undefined;
  const state = new ExportState(() => ({
    lagMillis: lane?.lagMillis ?? 0,
    queueFullness: accounts.fullness(maxQueueSize, MAX_QUEUE_BYTES),
  }));
  const makeLane = (listener: LaneListener): ExportLane => {
    lane = createLane(options.exportThread, settings, watchLane(listener, state), warn);
    return lane;
  };
  const handover = new SpanHandover(maxQueueSize, accounts, losses, makeLane);
  const processor = new EngineProcessor(handover, accounts, losses, options);
  return {
    processor,
    stop: (timeoutMillis) => processor.shutdown(timeoutMillis),
    stats: () => handover.stats(),
    exportStats: () => {
      handover.stats(); // brings the books up to date
      return state.snapshot();
    },
  };
}
