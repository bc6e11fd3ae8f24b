import { diag } from '@opentelemetry/api';
import type { Queue } from 'bullmq';
import { Job } from 'bullmq';
import type { OffloadReply } from '../../offload/backend.interface.js';
import { CallNotStartedError, OffloadCrashError } from '../../offload/offload.error.js';
import { encodeThrown } from '../../offload/wire/encode-thrown.js';
import type { AttemptRecords } from '../attempt-records.js';
import type { JobReply } from '../job-message.js';
import { readMessage } from '../job-message.js';
import { MESSAGING } from '../messaging.js';
import type { CalledJob } from './attempt-history.js';
import { attemptHistory } from './attempt-history.js';

/** A job that has ended, and where to read of it. */
interface EndedJob extends Omit<CalledJob, 'queue'> {
  readonly queue: Queue;
  readonly records: AttemptRecords;
}

/** The reply of a job that has completed. */
export async function finishedReply(job: EndedJob, value: unknown): Promise<OffloadReply> {
  const { attempt, ...reply } = readMessage<JobReply>(value);
  const { queue, jobId, records, call } = job;
  const before = attempt > 1 ? await records.read(jobId, attempt - 1) : [];
  forget(job, attempt);
  return {
    ...reply,
    earlier: attemptHistory({ call, jobId, queue: queue.name }, before, reply.spans !== undefined),
    attributes: attributesOf(job, attempt),
  };
}

/** The reply of a job that has failed. What it threw was written by its last attempt. */
export async function failedReply(job: EndedJob, reason: string): Promise<OffloadReply> {
  const { queue, jobId, records, call } = job;
  const made = await Job.fromId(queue, jobId);
  const all = await records.read(jobId, made?.attemptsStarted ?? 1);
  // BullMQ starts a job once more that it has given up because of killed hosts, only to fail it.
  const attempts = all.at(-1) === undefined ? all.slice(0, -1) : all;
  const exportedByCaller = attempts.some((record) => record?.exportedBy === 'caller');
  const history = attemptHistory({ call, jobId, queue: queue.name }, attempts, exportedByCaller);
  const last = attempts.at(-1)?.ended;
  const crash = (): OffloadReply['thrown'] =>
    encodeThrown(new OffloadCrashError(call.task.name, new Error(reason)));
  forget(job, all.length);
  return {
    queueWaitMillis: last?.queueWaitMillis ?? 0,
    thread: last?.thread ?? 0,
    earlier: history.slice(0, -1),
    ...history.at(-1),
    thrown: last?.thrown ?? crash(),
    attributes: attributesOf(job, attempts.length),
  };
}

/** The reply of a job that was taken out of the queue, between two attempts if there are any. */
export async function calledOffReply(job: EndedJob): Promise<OffloadReply> {
  const { queue, jobId, records, call } = job;
  const found = await records.readAll(jobId);
  if (found.length === 0) throw new CallNotStartedError();
  const exportedByCaller = found.some((record) => record.exportedBy === 'caller');
  forget(job, found.length);
  return {
    queueWaitMillis: found.at(-1)?.ended?.queueWaitMillis ?? 0,
    thread: found.at(-1)?.ended?.thread ?? 0,
    earlier: attemptHistory({ call, jobId, queue: queue.name }, found, exportedByCaller),
    attributes: attributesOf(job, found.length),
  };
}

function forget({ records, jobId }: EndedJob, attempts: number): void {
  records.forget(jobId, attempts).catch((error: unknown) => {
    diag.warn(`nestjs-tracing: what is known of job ${jobId} stays in Redis for a day`, error);
  });
}

function attributesOf({ queue, jobId }: EndedJob, attempts: number): OffloadReply['attributes'] {
  return {
    [MESSAGING.system]: 'bullmq',
    [MESSAGING.destination]: queue.name,
    [MESSAGING.messageId]: jobId,
    'async.offload.attempts': attempts,
  };
}
