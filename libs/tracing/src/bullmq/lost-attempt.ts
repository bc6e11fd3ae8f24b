import { RandomIdGenerator } from '@opentelemetry/sdk-trace';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { EncodedSpan } from '../offload/returning-spans/span-codec.js';
import { VERSION } from '../version.js';
import type { AttemptRecord, AttemptSpan } from './attempt-records.js';
import { MESSAGING, messagingAttributes } from './messaging.js';

const MESSAGE = 'the host ended before it answered';

const ids = new RandomIdGenerator();

/** An attempt whose host was killed, so that it never ended its span. */
interface LostAttempt {
  readonly queue: string;
  readonly task: string;
  readonly jobId: string;
  /** Counted from 1. */
  readonly attempt: number;
  /** Undefined if the host was killed before it could write one. */
  readonly record: AttemptRecord | undefined;
  /** The place of the span if the record does not say. */
  readonly otherwise: Omit<AttemptSpan, 'spanId'> | undefined;
  /** When it was over at the latest: milliseconds since the epoch. */
  readonly endedAt: number;
}

/** The span that the host of a lost attempt would have ended; children that it has sent hang on it. */
export function lostAttemptSpan(lost: LostAttempt): EncodedSpan | undefined {
  const span = lost.record?.span ?? lost.otherwise;
  if (span === undefined) return undefined;
  const { spanId = ids.generateSpanId() } = span as Partial<AttemptSpan>;
  const { link } = span;
  return [
    `process ${lost.queue}`,
    SpanKind.CONSUMER,
    span.traceId,
    spanId,
    span.parentSpanId,
    span.traceFlags,
    '',
    ...secondsAndNanos(lost.record?.startedAt ?? lost.endedAt),
    ...secondsAndNanos(lost.endedAt),
    {
      ...messagingAttributes('process', lost.queue),
      [MESSAGING.messageId]: lost.jobId,
      ...(lost.record === undefined ? {} : { [MESSAGING.clientId]: lost.record.client }),
      'async.offload.task': lost.task,
      'async.offload.attempt': lost.attempt,
      'async.task.outcome': 'abandoned',
      [ATTR_ERROR_TYPE]: 'OffloadCrashError',
    },
    SpanStatusCode.ERROR,
    MESSAGE,
    'nestjs-tracing',
    VERSION,
    link && { events: [], links: [[[...link, ''], undefined, 0]], dropped: [0, 0, 0] },
  ];
}

function secondsAndNanos(millis: number): [seconds: number, nanos: number] {
  const seconds = Math.floor(millis / 1000);
  return [seconds, Math.round((millis - seconds * 1000) * 1e6)];
}
