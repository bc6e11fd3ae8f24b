import { context } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { roundMillis } from '../../round-millis.js';
import { guard } from '../../span/guard.js';
import { openSpan } from '../../span/record.js';
import { isSampled } from '../../tracer/sampling/is-sampled.js';
import type { SpanRecording } from '../../span/recording.js';
import { spanOptions } from '../../span/span-settings.js';
import type { OffloadCall, OffloadReply } from '../backend.interface.js';
import type { JudgedAttempt } from '../wire/failure-of.js';
import type { SpanIntake } from '../returning-spans/span-intake.js';
import { takeInTaskSpan } from '../returning-spans/task-span.js';
import type { AnyTask } from '../task/task.interface.js';
import { parentWordsOf } from '../../propagation/local-parent.js';
import type { TraceHeaders } from '../../propagation/trace-headers.js';
import { writeHeaders } from '../../propagation/trace-headers.js';

const NO_HEADERS: TraceHeaders = Object.freeze({});

/** The caller's span of one offloaded call; it does nothing where none is to be made. */
export class OffloadSpan {
  readonly #recording: SpanRecording | undefined;
  readonly #task: string;

  /** Opens the span. */
  constructor(task: AnyTask, attributes: Attributes | undefined) {
    const named: Attributes = { 'async.offload.task': task.name };
    const options =
      attributes === undefined
        ? { attributes: named }
        : spanOptions({}, { ...attributes, ...named });
    this.#task = task.name;
    this.#recording = openSpan({ name: `offload ${task.name}`, options });
  }

  /** The span and the caller's baggage, for the worker: in numbers if it reads them and they say it all. */
  origin(readsParent: boolean): Pick<OffloadCall, 'parent' | 'headers'> {
    const ctx = this.#recording?.context ?? context.active();
    const parent = readsParent ? parentWordsOf(ctx) : undefined;
    return { parent, headers: parent === undefined ? writeHeaders(ctx) : NO_HEADERS };
  }

  /** Whether the worker's spans are wanted. */
  get recording(): boolean {
    if (this.#recording === undefined) return false;
    return isSampled(this.#recording.span);
  }

  /** Takes the workers' spans in while this one is open: a parent ends last. */
  describe(reply: OffloadReply, attempts: readonly JudgedAttempt[], intake: SpanIntake): void {
    if (this.#recording === undefined) return;
    const { span } = this.#recording;
    span.setAttribute('async.offload.queue_wait_ms', roundMillis(reply.queueWaitMillis));
    span.setAttribute('async.offload.thread', reply.thread);
    if (reply.attributes !== undefined) span.setAttributes(reply.attributes);
    for (const attempt of attempts) this.#takeIn(attempt, intake);
    const { taskSpan } = reply;
    if (taskSpan !== undefined) takeInTaskSpan(taskSpan, this.#task, reply.thread, this.#recording);
  }

  setOutcome(outcome: 'cancelled' | 'not_started'): void {
    this.#recording?.span.setAttribute('async.task.outcome', outcome);
  }

  succeed(value: unknown): void {
    this.#recording?.succeed(value);
  }

  /** Ends the span of a call that was called off. */
  cancel(reason: unknown): void {
    this.#recording?.cancel(reason);
  }

  fail(error: unknown): void {
    this.#recording?.fail(error);
  }

  #takeIn({ attempt, failure }: JudgedAttempt, intake: SpanIntake): void {
    const recording = this.#recording as SpanRecording;
    const { spans, droppedSpans } = attempt;
    if (droppedSpans) recording.span.setAttribute('async.offload.dropped_spans', droppedSpans);
    if (spans === undefined) return;
    guard('taking in spans', () => intake.takeIn(spans, recording, failure));
  }
}
