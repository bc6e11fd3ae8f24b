import { workerData } from 'node:worker_threads';
import { OffloadTaskFileError } from '../offload.error.js';

/** Whether this thread is one that runs offloaded tasks. */
function isOffloadWorker(): boolean {
  return (
    typeof workerData === 'object' && workerData !== null && 'nestjs-tracing:offload' in workerData
  );
}

/**
 * Called where an application sets its tracing up: in a worker that means that a task's file imports
 * the application, which would start a second time there.
 *
 * @throws OffloadTaskFileError in a worker
 */
export function refuseInWorker(): void {
  if (!isOffloadWorker()) return;
  throw new OffloadTaskFileError(
    'it imports the Nest application. Move defineTask() into a file of its own that imports ' +
      'neither modules nor main, and in a bundle give that file an entry of its own.',
  );
}
