import { trace } from '@opentelemetry/api';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace';
import type { Job } from 'bullmq';
import { nowMillis } from '../../offload/clock.js';
import type { SpanIntake } from '../../offload/returning-spans/span-intake.js';
import { readHeaders } from '../../propagation/trace-headers.js';
import { guard } from '../../span/guard.js';
import type { AttemptRecord, AttemptRecords, AttemptSpan } from '../attempt-records.js';
import type { JobMessage } from '../job-message.js';
import { lostAttemptSpan } from '../lost-attempt.js';
import type { ProcessSpan } from './process-span.js';

const ids = new RandomIdGenerator();

/** Gives a report what it needs of its host. */
interface ReportSite {
  readonly queue: string;
  readonly records: AttemptRecords;
  readonly intake: SpanIntake;
}

/**
 * Ends the spans of the attempts before this one whose hosts were killed, through the SDK of the host
 * that took the job over. Each is reported once.
 */
export async function reportLostAttempts(
  job: Job,
  message: JobMessage,
  { recording }: ProcessSpan,
  { queue, records, intake }: ReportSite,
): Promise<void> {
  if (job.attemptsStarted < 2 || recording === undefined) return;
  const jobId = job.id!;
  const known = await records.read(jobId, job.attemptsStarted - 1);
  const reports = known.map(async (record, index) => {
    if (record?.ended !== undefined || record?.exportedBy === 'caller') return;
    const endedAt = known[index + 1]?.startedAt ?? nowMillis();
    const span = lostAttemptSpan({
      queue,
      task: job.name,
      jobId,
      attempt: index + 1,
      record,
      otherwise: placeWithoutRecord(message),
      endedAt,
    });
    if (span !== undefined) guard('taking in spans', () => intake.takeIn([span], recording));
    await records.write(jobId, index + 1, reported(record, endedAt));
  });
  await Promise.all(reports);
}

function reported(record: AttemptRecord | undefined, endedAt: number): AttemptRecord {
  const start = record ?? { startedAt: endedAt, client: '', exportedBy: 'host' };
  return { ...start, ended: { queueWaitMillis: 0, thread: 0 } };
}

/** Finds the place for the span of an attempt whose host had no time to name it. */
function placeWithoutRecord({ headers, awaited }: JobMessage): Omit<AttemptSpan, 'spanId'> {
  const caller = trace.getSpanContext(readHeaders(headers, 'remote'));
  const traceFlags = caller?.traceFlags ?? 1;
  if (caller === undefined) return { traceId: ids.generateTraceId(), parentSpanId: '', traceFlags };
  const { traceId, spanId } = caller;
  if (awaited) return { traceId, parentSpanId: spanId, traceFlags };
  const link = [traceId, spanId, traceFlags] as const;
  return { traceId: ids.generateTraceId(), parentSpanId: '', traceFlags, link };
}
