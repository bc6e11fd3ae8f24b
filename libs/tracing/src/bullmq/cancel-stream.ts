import type { Queue, QueueEventsListener } from 'bullmq';
import { QueueEvents } from 'bullmq';
import type { ResolvedLocation } from './queue-location.js';

/** How many jobs may be called off while a host is away, so that it still hears of all of them. */
const STREAM_LENGTH = 1000;

/** The calling off has a stream of events of its own: the hosts need none of the others. */
const streamOf = (queue: string): string => `${queue}.cancel`;

interface CancelEvents extends QueueEventsListener {
  cancel(event: { jobId: string }, id: string): void;
}

/** Tells the hosts that nobody wants a job any more. */
export async function publishCancel(queue: Queue, jobId: string): Promise<void> {
  await append(queue, { event: 'cancel', jobId });
}

/** Listens to the jobs that are called off, from the moment that the promise is made on. */
export async function listenToCancels(
  queue: Pick<Queue, 'name' | 'getBackend'>,
  { connection, prefix }: ResolvedLocation,
  onCancel: (jobId: string) => void,
  onError: (error: Error) => void,
): Promise<QueueEvents> {
  const lastEventId = await append(queue, { event: 'joined' });
  const events = new QueueEvents(streamOf(queue.name), { connection, prefix, lastEventId });
  events.on('error', onError);
  events.on<CancelEvents>('cancel', (event: { jobId: string }) => onCancel(event.jobId));
  return events;
}

async function append(
  queue: Pick<Queue, 'name' | 'getBackend'>,
  fields: Record<string, string>,
): Promise<string> {
  const backend = queue.getBackend();
  const client = await backend.client;
  const key = backend.forQueue(streamOf(queue.name)).toKey('events');
  return client.xadd(key, '*', fields, { MAXLEN: STREAM_LENGTH, approximate: true });
}
