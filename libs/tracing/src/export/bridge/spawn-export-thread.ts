import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadData } from '../transport/messages.js';

/** Memory that the thread may use of its own; the spans that wait are outside of it, and bounded. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 };

/**
 * Starts the export thread. It keeps no process alive.
 *
 * @param onEnd called once the thread is gone
 */
export function spawnExportThread(
  file: string,
  workerData: ThreadData,
  onMessage: (message: FromThread) => void,
  onEnd: (worker: Worker, reason: string) => void,
): Worker {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const worker = new Worker(file, {
    name: 'nestjs-tracing export',
    execArgv: [],
    env,
    workerData,
    resourceLimits: RESOURCE_LIMITS,
  });
  let reason = 'it ended';
  worker.on('message', onMessage);
  worker.on('error', (error) => (reason = String(error)));
  worker.on('exit', () => onEnd(worker, reason));
  worker.unref();
  return worker;
}
