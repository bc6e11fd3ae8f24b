import { TraceFlags, context } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { describeReason } from '../group/abort-echo.js';
import { guard } from '../span/guard.js';
import { openSpan } from '../span/record.js';
import type { SpanRecording } from '../span/recording.js';
import { spanOptions } from '../span/span-settings.js';
import type { OffloadAttempt, OffloadReply } from './backend.interface.js';
import type { KnowsErrors } from './failure-of.js';
import { failureOf } from './failure-of.js';
import type { SpanIntake } from './span-intake.js';
import type { AnyTask } from './task.interface.js';
import type { TraceHeaders } from './trace-headers.js';
import { writeHeaders } from './trace-headers.js';

/** The caller's span of one offloaded call; it does nothing where none is to be made. */
export class OffloadSpan {
  readonly #recording: SpanRecording | undefined;

  /** Opens the span. */
  constructor(task: AnyTask, attributes: Attributes | undefined) {
    const named: Attributes = { 'async.offload.task': task.name };
    const options =
      attributes === undefined
        ? { attributes: named }
        : spanOptions({}, { ...attributes, ...named });
    this.#recording = openSpan({ name: `offload ${task.name}`, options });
  }

  /** The span and the caller's baggage, for the worker. */
  get headers(): TraceHeaders {
    return writeHeaders(this.#recording?.scope ?? context.active());
  }

  /** Whether the worker's spans are wanted. */
  get recording(): boolean {
    if (this.#recording === undefined) return false;
    return (this.#recording.span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
  }

  /** Brings the workers' spans home while this one is open: a parent ends last. */
  describe(reply: OffloadReply, knows: KnowsErrors, intake: SpanIntake): void {
    if (this.#recording === undefined) return;
    const { span } = this.#recording;
    span.setAttribute('async.offload.queue_wait_ms', reply.queueWaitMillis);
    span.setAttribute('async.offload.thread', reply.thread);
    if (reply.attributes !== undefined) span.setAttributes(reply.attributes);
    for (const attempt of reply.earlier ?? []) this.#takeIn(attempt, knows, intake);
    this.#takeIn(reply, knows, intake);
  }

  setOutcome(outcome: 'cancelled' | 'not_started'): void {
    this.#recording?.span.setAttribute('async.task.outcome', outcome);
  }

  succeed(value: unknown): void {
    this.#recording?.succeed(value);
  }

  /** Ends the span of a call that was called off. */
  cancel(reason: unknown): void {
    this.#recording?.cancel(describeReason(reason));
  }

  fail(error: unknown): void {
    this.#recording?.fail(error);
  }

  #takeIn(attempt: OffloadAttempt, knows: KnowsErrors, intake: SpanIntake): void {
    const recording = this.#recording as SpanRecording;
    const { spans, droppedSpans } = attempt;
    if (droppedSpans) recording.span.setAttribute('async.offload.dropped_spans', droppedSpans);
    if (spans === undefined) return;
    guard('taking in spans', () => intake.takeIn(spans, recording, failureOf(attempt, knows)));
  }
}
