import type { OffloadAttempt, OffloadCall } from '../../offload/backend.interface.js';
import { nowMillis } from '../../offload/clock.js';
import type { AttemptRecord, AttemptSpan } from '../attempt-records.js';
import { lostAttemptSpan } from '../lost-attempt.js';

/** A call and its job. */
export interface CalledJob {
  readonly call: OffloadCall;
  readonly jobId: string;
  readonly queue: string;
}

/**
 * Lists what the attempts at a job left behind, in their order. The spans of those that a host exports are
 * there already; those whose host was killed get the span that it could not end.
 */
export function attemptHistory(
  job: CalledJob,
  records: readonly (AttemptRecord | undefined)[],
  exportedByCaller: boolean,
): OffloadAttempt[] {
  return records.map((record, index) => {
    if (record?.ended !== undefined) return record.ended;
    const mine = record === undefined ? exportedByCaller : record.exportedBy === 'caller';
    if (!mine || !job.call.recording) return {};
    const span = lostAttemptSpan({
      queue: job.queue,
      task: job.call.task.name,
      jobId: job.jobId,
      attempt: index + 1,
      record,
      otherwise: callerSpan(job.call),
      endedAt: records[index + 1]?.startedAt ?? nowMillis(),
    });
    return span === undefined ? {} : { spans: [span] };
  });
}

function callerSpan({ headers }: OffloadCall): Omit<AttemptSpan, 'spanId'> | undefined {
  const [, traceId, parentSpanId, flags] = headers.traceparent?.split('-') ?? [];
  if (traceId === undefined || parentSpanId === undefined) return undefined;
  return { traceId, parentSpanId, traceFlags: Number.parseInt(flags ?? '01', 16) };
}
