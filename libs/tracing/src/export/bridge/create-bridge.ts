import type { ResolvedOptions } from '../../options/resolve-options.js';
import { findPackageFile } from '../../package-file.js';
import type { WatcherSeat } from '../../watchdog/watcher-seat.js';
import type { ExportSettings } from '../transport/export-settings.js';
import type { ExportBridge, BridgeWatcher } from './export-bridge.interface.js';
import { FallbackBridge } from './fallback-bridge.js';
import { InlineBridge } from './inline-bridge.js';
import { mayConnect, maySpawn } from './permissions.js';
import { WorkerBridge } from './worker-bridge.js';

const THREAD = 'dist/export/transport/export-thread.js';

/** The price of an export without a thread for the end. */
const COST = 'process.exit() and a crash lose the spans that are still queued';

/**
 * Makes the way to the sending side that the option asks for and the process allows: a thread, or the
 * application's own with a thread for the very end, or that one alone, which is said with its cure.
 *
 * @param seat taken by the thread, if there is one from the start
 */
export function createBridge(
  { exportThread, exitTimeoutMillis }: Pick<ResolvedOptions, 'exportThread' | 'exitTimeoutMillis'>,
  settings: ExportSettings,
  listener: BridgeWatcher,
  warn: (message: string) => void,
  seat?: WatcherSeat,
): ExportBridge {
  if (!mayConnect()) {
    warn('No span can leave: the network is forbidden; start Node with --allow-net.');
  }
  const thread = findThread();
  // Here a connection that is being made keeps the process alive, and nothing can be done about it.
  const connectTimeoutMillis = Math.min(settings.connectTimeoutMillis, exitTimeoutMillis);
  const inline = { ...settings, connectTimeoutMillis };
  const alone = (): ExportBridge => new InlineBridge(inline, listener);
  if ('obstacle' in thread) {
    const where = exportThread === 'main' ? '' : 'The export runs on the main thread, and ';
    warn(`${where}${COST}: ${thread.obstacle}`);
    return alone();
  }
  const { file } = thread;
  if (exportThread === 'main') {
    return new InlineBridge(inline, listener, () => new WorkerBridge(file, settings, listener));
  }
  return new FallbackBridge(
    (onUnusable) =>
      new WorkerBridge(file, { ...settings, watch: seat?.take() }, listener, onUnusable),
    (reason) => {
      seat?.lose(`a thread could not be started (${reason})`);
      warn(
        `The export runs on the main thread, and ${COST}: its own thread could not be started (${reason}).`,
      );
      return alone();
    },
  );
}

/** Returns the thread's program, or why there can be no thread, with the cure. */
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
