import type { ExportState } from '../export-state.js';
import type { LaneListener, LaneWatcher } from './export-lane.interface.js';

/** Lets the state of the export hear what a lane tells. */
export function watchLane(listener: LaneListener, state: ExportState): LaneWatcher {
  return {
    lost(loss) {
      state.failed(loss.reason);
      listener.lost(loss);
    },
    crashed(reason) {
      state.failed(`the export thread crashed (${reason})`);
      listener.crashed(reason);
    },
    reached(fault) {
      if (fault === undefined) state.answered();
      else state.away(fault);
    },
  };
}
