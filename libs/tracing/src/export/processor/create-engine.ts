import type { ResolvedOptions } from '../../options/resolve-options.js';
import type { ExportSettings } from '../transport/export-settings.js';
import { exportSettings } from '../transport/export-settings.js';
import { shownEndpoint } from '../transport/faults/failure-cure.js';
import { lacksEnvProxy } from '../transport/proxy-environment.js';
import type { ExportLog } from '../accounts/collector-reporter.js';
import { CollectorReporter } from '../accounts/collector-reporter.js';
import { ExportState } from '../accounts/export-state.js';
import type { LossReporter } from '../accounts/loss-reporter.js';
import type { SpanAccounts } from '../accounts/span-accounts.js';
import type { WatcherSeat } from '../../watchdog/watcher-seat.js';
import type { SpanPipeline } from '../span-pipeline.interface.js';
import { createBridge } from '../bridge/create-bridge.js';
import { EngineProcessor } from './engine-processor.js';
import type { ExportBridge, BridgeListener } from '../bridge/export-bridge.interface.js';
import { MAX_QUEUE_BYTES, SpanHandover } from './span-handover.js';
import { watchBridge } from '../bridge/watched-bridge.js';

/** Builds the export engine: encoding on the application's thread, all the rest on another. */
export function createEngine(
  options: ResolvedOptions,
  accounts: SpanAccounts,
  losses: LossReporter,
  log: ExportLog,
  seat?: WatcherSeat,
): SpanPipeline {
  const { maxQueueSize } = options.batch;
  const settings = exportSettings(options);
  let bridge: ExportBridge | undefined;
  const state = new ExportState(() => ({
    lagMillis: bridge?.lagMillis ?? 0,
    queueFullness: accounts.fullness(maxQueueSize, MAX_QUEUE_BYTES),
  }));
  const collector = new CollectorReporter(shownEndpoint(settings.endpoint), log);
  const warn = (message: string): void => log.warn(message);
  const makeBridge = (listener: BridgeListener): ExportBridge => {
    const watcher = watchBridge(listener, state, collector);
    bridge = createBridge(options, settings, watcher, warn, seat);
    return bridge;
  };
  const awayBecause = (): string | undefined => state.awayBecause;
  const handover = new SpanHandover(maxQueueSize, accounts, losses, makeBridge, awayBecause);
  const processor = new EngineProcessor(handover, accounts, losses, options);
  announce(options, settings, log);
  return {
    processor,
    open: processor.open,
    flush: (timeoutMillis) => processor.forceFlush(timeoutMillis),
    stop: (timeoutMillis) => {
      collector.stop();
      return processor.shutdown(timeoutMillis);
    },
    stats: () => handover.stats(),
    exportStats: () => {
      handover.stats(); // brings the books up to date
      return state.snapshot();
    },
  };
}

/** Says where spans go, so that a wrong place is seen before the first one is missed. */
function announce(
  { serviceName }: ResolvedOptions,
  settings: ExportSettings,
  log: ExportLog,
): void {
  const { protocol, endpoint } = settings;
  const way = protocol === 'otlp-grpc' ? 'grpc' : 'http';
  log.log(`${serviceName ?? 'unknown_service'} → ${way} ${shownEndpoint(endpoint)}`);
  if (protocol === 'otlp-http' && lacksEnvProxy(process)) {
    log.warn(
      `Node ${process.versions.node} has no proxies of the environment, so the export uses none: they ` +
        'came with Node 22.21 and 24.5.',
    );
  }
}
