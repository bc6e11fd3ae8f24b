import type { Queue } from 'bullmq';
import { QueueEvents } from 'bullmq';
import type { ResolvedLocation } from '../queue-location.js';

/** Is told what becomes of the jobs of a queue. */
export interface JobEnds {
  completed(jobId: string, value: unknown): void;
  failed(jobId: string, reason: string): void;
  removed(jobId: string): void;
  error(error: unknown): void;
}

/** Any event: it marks the place in the stream from which this process reads. */
const JOINED = { event: 'nestjs-tracing:joined' };

const STREAM_LENGTH = 10_000;

/**
 * Listens to the ends of jobs, from the moment that the promise is made on: the stream of events is
 * read from an entry of our own, so that nothing is missed while the connection is set up or lost.
 */
export async function listenToEnds(
  queue: Queue,
  { connection, prefix }: ResolvedLocation,
  ends: JobEnds,
): Promise<QueueEvents> {
  const client = await queue.getBackend().client;
  const trim = { MAXLEN: STREAM_LENGTH, approximate: true };
  const lastEventId = await client.xadd(queue.toKey('events'), '*', JOINED, trim);
  const events = new QueueEvents(queue.name, { connection, prefix, lastEventId });
  events.on('error', (error) => ends.error(error));
  events.on('completed', ({ jobId, returnvalue }) => ends.completed(jobId, returnvalue));
  events.on('failed', ({ jobId, failedReason }) => ends.failed(jobId, failedReason));
  events.on('removed', ({ jobId }) => ends.removed(jobId));
  return events;
}
