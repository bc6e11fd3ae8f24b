import type { ResolvedOptions } from '../../options/resolve-options.js';
import { findPackageFile } from '../../package-file.js';
import type { ExportSettings } from '../core/export-settings.js';
import type { ExportLane, LaneWatcher } from './export-lane.interface.js';
import { FallbackLane } from './fallback-lane.js';
import { InlineLane } from './inline-lane.js';
import { mayConnect, maySpawn } from './permissions.js';
import { WorkerLane } from './worker-lane.js';

const THREAD = 'dist/export/thread/export-thread.js';

/** What the main thread cannot do when it ends, and no thread can do for it. */
const COST = 'process.exit() and a crash lose the spans that are still queued';

/**
 * The way to the sending side that the option asks for and the process allows: a thread, or the
 * application's own with a thread for the very end, or that one alone, which is said with its cure.
 */
export function createLane(
  exportThread: ResolvedOptions['exportThread'],
  settings: ExportSettings,
  listener: LaneWatcher,
  warn: (message: string) => void,
): ExportLane {
  if (!mayConnect()) {
    warn('No span can leave: the network is forbidden; start Node with --allow-net.');
  }
  const thread = findThread();
  const alone = (): ExportLane => new InlineLane(settings, listener);
  if ('obstacle' in thread) {
    const where = exportThread === 'main' ? '' : 'The export runs on the main thread, and ';
    warn(`${where}${COST}: ${thread.obstacle}`);
    return alone();
  }
  const { file } = thread;
  if (exportThread === 'main') {
    return new InlineLane(settings, listener, () => new WorkerLane(file, settings, listener));
  }
  return new FallbackLane(
    (onUnusable) => new WorkerLane(file, settings, listener, onUnusable),
    (reason) => {
      warn(
        `The export runs on the main thread, and ${COST}: its own thread could not be started (${reason}).`,
      );
      return alone();
    },
  );
}

/** The thread's program, or why there can be no thread, with the cure. */
function findThread(): { file: string } | { obstacle: string } {
  if (!maySpawn())
    return { obstacle: 'worker threads are forbidden; start Node with --allow-worker.' };
  const file = findPackageFile(THREAD);
  if (file !== undefined) return { file };
  return {
    obstacle:
      'the file of the export thread was not found; leave nestjs-tracing out of the bundle, or ' +
      'install it beside it.',
  };
}
