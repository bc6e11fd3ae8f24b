import type { JobsOptions } from 'bullmq';
import type { BullmqBackendSettings } from './bullmq-backend.options.js';

/** What a job is queued with. BullMQ counts what it keeps in seconds. */
export function jobOptions(
  settings: BullmqBackendSettings,
  jobId: string,
  attempts: number = settings.attempts,
  delayMillis = 0,
): JobsOptions {
  return {
    jobId,
    attempts,
    delay: delayMillis,
    backoff: { type: 'exponential', delay: settings.backoffMillis },
    removeOnComplete: { age: Math.ceil(settings.keepCompletedMillis / 1000) },
    removeOnFail: { age: Math.ceil(settings.keepFailedMillis / 1000) },
  };
}
