import { Worker } from 'node:worker_threads';
import type { WatchData } from './watch-data.interface.js';

/** Starts a thread that does nothing but watch. It keeps no process alive. */
export function spawnWatcher(
  file: string,
  workerData: WatchData,
  onEnd: (reason: string) => void,
): Worker {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const worker = new Worker(file, {
    name: 'nestjs-tracing watchdog',
    execArgv: [],
    env,
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  let reason = 'it ended';
  worker.on('error', (error) => (reason = String(error)));
  worker.on('exit', () => onEnd(reason));
  worker.unref();
  return worker;
}
