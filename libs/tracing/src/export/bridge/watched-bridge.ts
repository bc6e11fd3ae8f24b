import type { ExportState } from '../accounts/export-state.js';
import type { CollectorReporter } from '../accounts/collector-reporter.js';
import type { BridgeListener, BridgeWatcher } from './export-bridge.interface.js';

/** Lets the state of the export, and the log, hear what a bridge tells. */
export function watchBridge(
  listener: BridgeListener,
  state: ExportState,
  reporter: CollectorReporter,
): BridgeWatcher {
  return {
    lost(loss) {
      state.failed(loss.reason);
      listener.lost(loss);
    },
    crashed(reason) {
      state.failed(`the export thread crashed (${reason})`);
      listener.crashed(reason);
    },
    collectorChanged(fault) {
      if (fault === undefined) state.answered();
      else state.away(fault.reason);
      reporter.changed(fault);
    },
  };
}
