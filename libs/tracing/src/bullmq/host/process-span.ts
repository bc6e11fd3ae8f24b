import { SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { Job } from 'bullmq';
import { nowMillis } from '../../offload/clock.js';
import { roundMillis } from '../../round-millis.js';
import { readHeaders } from '../../propagation/trace-headers.js';
import { SpanCollector } from '../../offload/worker/worker-tracing.js';
import { registeredTracer } from '../../span/registered-provider.js';
import { SpanRecording } from '../../span/recording.js';
import type { AttemptSpan } from '../attempt-records.js';
import type { JobMessage } from '../job-message.js';
import { asLinkedRoot } from '../../entry/remote-parent.js';
import { MESSAGING, messagingAttributes } from '../messaging.js';
import { exportByCaller } from './caller-exported-spans.js';

/** Describes the span of an attempt that is to be opened. */
interface ProcessSpanSpec {
  readonly queue: string;
  /** The host. */
  readonly client: string;
  readonly job: Job;
  readonly message: JobMessage;
  /** Whether the caller exports the spans, as this process has no SDK. */
  readonly exportedByCaller: boolean;
}

/** Holds the span of one attempt, and where it belongs. */
export interface ProcessSpan {
  /** Undefined if none is recorded. */
  readonly recording: SpanRecording | undefined;
  /** The context that the task runs in. */
  readonly context: Context;
  /** Takes the spans that the caller exports. Undefined if this process exports them. */
  readonly collector: SpanCollector | undefined;
  readonly place: AttemptSpan | undefined;
}

/**
 * Opens the span `process <queue>` (CONSUMER): a child of the call that waits for it, or the root of
 * a trace of its own, linked to the call that does not.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
export function openProcessSpan(spec: ProcessSpanSpec): ProcessSpan {
  const { message, exportedByCaller } = spec;
  const remote = readHeaders(message.headers, 'remote');
  const collector = exportedByCaller && message.awaited ? new SpanCollector() : undefined;
  if (collector !== undefined) collector.wanted = message.recording;
  const parent = message.awaited ? remote : asLinkedRoot(remote);
  const ctx = collector === undefined ? parent : exportByCaller(parent, collector);
  const recording = isWanted(message) ? open(spec, ctx) : undefined;
  return {
    recording,
    context: recording?.context ?? ctx,
    collector,
    place: recording && placeOf(recording, message, remote),
  };
}

function isWanted({ awaited, recording }: JobMessage): boolean {
  return !awaited || recording;
}

function open(spec: ProcessSpanSpec, context: Context): SpanRecording | undefined {
  const tracer = registeredTracer();
  const { queue, client, job, message } = spec;
  const attributes = {
    ...messagingAttributes('process', queue),
    [MESSAGING.messageId]: job.id,
    [MESSAGING.clientId]: client,
    'async.offload.task': job.name,
    'async.offload.attempt': job.attemptsStarted,
    'async.offload.queue_wait_ms': roundMillis(Math.max(0, nowMillis() - message.submittedAt)),
  };
  const options = { kind: SpanKind.CONSUMER, attributes };
  if (tracer === undefined) return undefined;
  const recording = new SpanRecording(tracer, { name: `process ${queue}`, options }, context);
  return recording.span.isRecording() ? recording : undefined;
}

function placeOf({ span }: SpanRecording, { awaited }: JobMessage, remote: Context): AttemptSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const caller = trace.getSpanContext(remote);
  return {
    traceId,
    spanId,
    traceFlags,
    parentSpanId: awaited ? (caller?.spanId ?? '') : '',
    link:
      awaited || caller === undefined
        ? undefined
        : [caller.traceId, caller.spanId, caller.traceFlags],
  };
}

/** Whether a span reaches an exporter. */
export function isSampled(recording: SpanRecording | undefined): boolean {
  const flags = recording?.span.spanContext().traceFlags ?? TraceFlags.NONE;
  return (flags & TraceFlags.SAMPLED) !== 0;
}
