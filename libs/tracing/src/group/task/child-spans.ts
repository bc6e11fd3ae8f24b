import { context, trace } from '@opentelemetry/api';
import type { Context, HrTime, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SpanRecording } from '../../span/recording.js';
import { withSpan } from '../../tracer/context-with-span.js';
import type { SignalSource } from '../../context/enclosing-work.js';
import type { CancelCause } from '../cancellation.js';
import { describeCause } from '../cancellation.js';
import { GivenContext } from '../../span/given-context.js';
import { callTask } from './task.js';
import { ATTR_TASK_CANCEL_REASON, ATTR_TASK_OUTCOME } from '../../span/outcome/called-off.js';
import { roundMillis } from '../../round-millis.js';
import { ATTR_TASK_INDEX, ATTR_TASK_QUEUE_WAIT_MS } from '../group-attributes.js';
import type { GroupSettings } from '../group-settings.js';
import { later } from '../later.js';
import type { Task } from './task.js';

/** Where the children of a group get their spans. */
export interface ChildSpanSite {
  /** The group's span. */
  readonly parent: Span;
  /** Undefined if children of this parent get no spans. */
  readonly tracer: Tracer | undefined;
}

/** The spans of a group's children: opens them where they are wanted, and writes their outcomes. */
export class ChildSpans {
  readonly #spans: GroupSettings['spans'];
  readonly #parent: Span;
  readonly #tracer: Tracer | undefined;
  readonly #signals: SignalSource;
  #latestEnd: HrTime | undefined;

  constructor(spans: GroupSettings['spans'], site: ChildSpanSite, signals: SignalSource) {
    this.#spans = spans;
    this.#parent = site.parent;
    this.#tracer = site.tracer;
    this.#signals = signals;
  }

  /** The end of the child that ended last. */
  get latestEnd(): HrTime | undefined {
    return this.#latestEnd;
  }

  /** Calls a task inside its span. To be called in the context that the task was spawned in. */
  run(task: Task): unknown {
    if (this.#spans !== 'all' || this.#tracer === undefined) return this.#runWithoutSpan(task);
    const recording = this.#open(task, this.#tracer);
    task.recording = recording;
    const given = new GivenContext(recording.span, this.#signals);
    if (recording.activate()) return callTask(task.fn, given);
    return recording.run(callTask, undefined, [task.fn, given]);
  }

  succeed(task: Task): void {
    const { recording } = task;
    if (recording === undefined) return;
    recording.span.setAttribute(ATTR_TASK_OUTCOME, 'ok');
    recording.succeed(undefined);
    this.#noteEnd(recording);
  }

  fail(task: Task, error: unknown): void {
    const recording = task.recording ?? this.#openLate(task);
    if (recording === undefined) return;
    recording.span.setAttribute(ATTR_TASK_OUTCOME, 'error');
    recording.failWith(error);
    this.#noteEnd(recording);
  }

  cancel(task: Task, cause: CancelCause): void {
    const recording = task.recording ?? this.#openLate(task);
    if (recording === undefined) return;
    recordCancelled(recording, cause);
    this.#noteEnd(recording);
  }

  /** The task runs inside of the group's span. */
  #runWithoutSpan(task: Task): unknown {
    if (this.#spans === 'errors') task.startedAt = performance.now();
    const active = context.active();
    const inside = underParent(active, trace.getSpan(active), this.#parent);
    const given = new GivenContext(this.#parent, this.#signals);
    if (inside === active) return callTask(task.fn, given);
    return context.with(inside, callTask, undefined, task.fn, given);
  }

  /** A span for a child that had none while it ran, because only those that end badly get one. */
  #openLate(task: Task): SpanRecording | undefined {
    const tracer = this.#tracer;
    if (this.#spans !== 'errors' || tracer === undefined) return undefined;
    return task.runInAsyncScope(() => this.#open(task, tracer, task.startedAt));
  }

  #open(task: Task, tracer: Tracer, startTime?: number): SpanRecording {
    const active = context.active();
    const spawner = trace.getSpan(active);
    const options = spanOptionsOf(task, spawner === this.#parent ? undefined : spawner);
    if (startTime !== undefined) options.startTime = startTime;
    const spec = { name: task.name, options };
    return new SpanRecording(tracer, spec, underParent(active, spawner, this.#parent));
  }

  #noteEnd({ span }: SpanRecording): void {
    this.#latestEnd = later(this.#latestEnd, (span as Partial<ReadableSpan>).endTime);
  }
}

/** Ends a span as that of work that was called off, saying why. */
export function recordCancelled(recording: SpanRecording, cause: CancelCause): void {
  const reason = describeCause(cause);
  recording.span.setAttribute(ATTR_TASK_OUTCOME, 'cancelled');
  recording.span.setAttribute(ATTR_TASK_CANCEL_REASON, reason);
  recording.cancel(cause.reason, reason);
}

function underParent(active: Context, spawner: Span | undefined, parent: Span): Context {
  return spawner === parent ? active : withSpan(active, parent);
}

/** @param spawner the span that was active at the spawn, if it is another one than the parent */
function spanOptionsOf({ index, queuedAt }: Task, spawner: Span | undefined): SpanOptions {
  const options: SpanOptions = {};
  if (index !== undefined) options.attributes = { [ATTR_TASK_INDEX]: index };
  if (queuedAt !== undefined)
    options.attributes = { [ATTR_TASK_QUEUE_WAIT_MS]: roundMillis(performance.now() - queuedAt) };
  if (spawner !== undefined && trace.isSpanContextValid(spawner.spanContext())) {
    options.links = [{ context: spawner.spanContext() }];
  }
  return options;
}
