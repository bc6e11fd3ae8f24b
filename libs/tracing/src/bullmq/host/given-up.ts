import type { Job } from 'bullmq';
import type { JobMessage } from '../job-message.js';
import type { AttemptSite } from './attempt.js';
import { openProcessSpan } from './process-span.js';
import { reportLostAttempts } from './report-lost-attempts.js';

/**
 * Records a job that BullMQ itself has given up, as it has cost too many hosts: no attempt of it was
 * made here, so nothing else tells of it. A caller that waits and exports the spans tells it itself.
 */
export async function reportGivenUp(job: Job, error: Error, site: AttemptSite): Promise<void> {
  const message = job.data as Partial<JobMessage>;
  if (site.exportedByCaller || message.headers === undefined) return;
  const [own] = (await site.records.read(job.id!, job.attemptsStarted)).slice(-1);
  if (own !== undefined) return;
  const span = openProcessSpan({ ...site, job, message: message as JobMessage });
  await reportLostAttempts(job, message as JobMessage, span, site);
  span.recording?.span.setAttribute('async.task.outcome', 'not_started');
  span.recording?.fail(error);
}
