import { diag } from '@opentelemetry/api';
import type { Queue } from 'bullmq';
import type { AttemptRecords } from '../attempt-records.js';
import { publishCancel } from '../cancel-stream.js';

/** Takes a job out of the queue, or has its host told. What becomes of it comes as an event. */
export async function withdrawJob(
  queue: Queue,
  records: AttemptRecords,
  jobId: string,
): Promise<void> {
  try {
    const removed = await queue.remove(jobId);
    if (removed === 0) await records.cancel(jobId);
    await publishCancel(queue, jobId); // a Redis that came back may not know of it, and a host run it
  } catch (error) {
    diag.warn(`nestjs-tracing: job ${jobId} could not be called off`, error);
  }
}
