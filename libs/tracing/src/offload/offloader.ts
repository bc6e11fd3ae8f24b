import { describeReason } from '../group/abort-echo.js';
import { ambientSignal } from '../group/ambient-scope.js';
import { TraceFlags, context } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { guard } from '../span/guard.js';
import { openSpan } from '../span/record.js';
import type { SpanRecording } from '../span/recording.js';
import { spanOptions } from '../span/span-settings.js';
import { withDeadline } from '../with-deadline.js';
import type { OffloadBackend, OffloadReply } from './backend.interface.js';
import { CallQueue } from './call-queue.js';
import { nowMillis } from './clock.js';
import { assertCloneable } from './cloneable.js';
import { isTask } from './define-task.js';
import { decodeThrown } from './error-codec.js';
import { Grace } from './grace.js';
import { httpPrototype } from './http-errors.js';
import { OffloadCounts } from './offload-counts.js';
import type { OffloadOutcome, OffloadStats } from './offload-counts.js';
import type { OffloadSettings } from './offload-settings.js';
import { OffloadClosedError, OffloadCrashError, OffloadQueueFullError } from './offload.error.js';
import type { OffloadOptions } from './offload.options.js';
import type { TaskFailure } from './span-intake.js';
import { takeIn } from './span-intake.js';
import type { AnyTask, WorkerTask } from './task.interface.js';
import { writeHeaders } from './trace-headers.js';

const NOTHING: readonly never[] = [];

/** The caller's side of offloading: span, queue, cancellation, errors and books. */
export class Offloader {
  readonly #settings: OffloadSettings;
  readonly #backend: OffloadBackend;
  readonly #queue: CallQueue;
  readonly #counts = new OffloadCounts();
  #ended: Promise<void> = Promise.resolve();

  constructor(settings: OffloadSettings, backend: OffloadBackend) {
    this.#settings = settings;
    this.#backend = backend;
    this.#queue = new CallQueue(backend.concurrency, settings.maxQueue);
  }

  /** As `TracingService.offload()`. */
  async run<I, O>(task: WorkerTask<I, O>, input: I, given: OffloadOptions = {}): Promise<O> {
    assertTask(task);
    const options = withAmbientSignal(given);
    const submittedAt = nowMillis();
    const recording = openOffloadSpan(task, options);
    this.#counts.submit();
    try {
      const reply = await this.#perform(task, input, options, submittedAt, recording);
      const failure = reply.thrown && { error: decodeThrown(reply.thrown, httpPrototype) };
      if (recording !== undefined) describeReply(recording, reply, failure);
      options.signal?.throwIfAborted();
      if (failure !== undefined) throw failure.error;
      this.#counts.end('ok');
      recording?.succeed(reply.value);
      return reply.value as O;
    } catch (error) {
      const { thrown, outcome } = this.#failure(task.name, error, options.signal);
      if (outcome === 'refused') this.#counts.refuse();
      else this.#counts.end(outcome);
      if (outcome === 'cancelled') recording?.cancel(describeReason(thrown));
      else recording?.fail(thrown);
      throw thrown;
    }
  }

  stats(): OffloadStats {
    return this.#counts.snapshot(this.#queue.queued, this.#queue.running);
  }

  /**
   * Rejects what waits, lets what runs finish until the deadline, ends the rest. Resolves when every
   * call has settled; the workers themselves may take longer, see `ended`.
   *
   * @throws Error if calls had to be ended
   */
  async close(timeoutMillis: number): Promise<void> {
    const idle = this.#queue.close();
    try {
      await withDeadline(idle, timeoutMillis);
    } finally {
      this.#ended = this.#backend.close();
      this.#ended.catch(() => undefined); // whoever asks for it hears of it
      await idle;
    }
  }

  /** Settles when, after `close`, nothing is left that ran tasks. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  async #perform(
    task: AnyTask,
    input: unknown,
    { signal, graceMillis = this.#settings.graceMillis, transfer = NOTHING }: OffloadOptions,
    submittedAt: number,
    recording: SpanRecording | undefined,
  ): Promise<OffloadReply> {
    assertCloneable(input, 'input', transfer);
    const turn = this.#enter(task.name, signal, recording);
    if (turn !== undefined) await turn;
    const grace = signal && new Grace(signal, graceMillis);
    try {
      return await this.#backend.run({
        task,
        input,
        headers: writeHeaders(recording?.scope ?? context.active()),
        recording: isSampled(recording),
        submittedAt,
        transfer,
        signal,
        kill: grace?.kill,
      });
    } finally {
      grace?.close();
      this.#queue.leave();
      if (signal?.aborted === true) setOutcome(recording, 'cancelled');
    }
  }

  #enter(
    task: string,
    signal: AbortSignal | undefined,
    recording: SpanRecording | undefined,
  ): Promise<void> | undefined {
    try {
      const turn = this.#queue.enter(task, signal);
      return turn?.catch((error: unknown) => refuse(error, recording));
    } catch (error) {
      return refuse(error, recording);
    }
  }

  /** What the caller is to get, and what the call is booked as. */
  #failure(task: string, error: unknown, signal: AbortSignal | undefined): Failure {
    if (signal?.aborted === true) return { thrown: signal.reason, outcome: 'cancelled' };
    if (error instanceof OffloadQueueFullError) return { thrown: error, outcome: 'refused' };
    if (error instanceof OffloadClosedError) return { thrown: error, outcome: 'cancelled' };
    if (!(error instanceof OffloadCrashError)) return { thrown: error, outcome: 'error' };
    return this.#queue.closed
      ? { thrown: new OffloadClosedError(task), outcome: 'cancelled' }
      : { thrown: error, outcome: 'crashed' };
  }
}

interface Failure {
  readonly thrown: unknown;
  readonly outcome: OffloadOutcome | 'refused';
}

/** The group or task that the call is made in calls it off as well. */
function withAmbientSignal(options: OffloadOptions): OffloadOptions {
  const ambient = ambientSignal();
  if (ambient === undefined) return options;
  const { signal } = options;
  return { ...options, signal: signal ? AbortSignal.any([signal, ambient]) : ambient };
}

function assertTask(task: unknown): void {
  if (isTask(task)) return;
  throw new TypeError(
    'offload() needs a task: write export const work = defineTask(import.meta.url, "work", fn) ' +
      'in a file of its own and pass it.',
  );
}

function openOffloadSpan(task: AnyTask, { attributes }: OffloadOptions): SpanRecording | undefined {
  const named: Attributes = { 'async.offload.task': task.name };
  const options =
    attributes === undefined ? { attributes: named } : spanOptions({}, { ...attributes, ...named });
  return openSpan({ name: `offload ${task.name}`, options });
}

function isSampled(recording: SpanRecording | undefined): boolean {
  if (recording === undefined) return false;
  return (recording.span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** Brings the worker's spans home while the caller's span is open: a parent ends last. */
function describeReply(
  recording: SpanRecording,
  reply: OffloadReply,
  failure: TaskFailure | undefined,
): void {
  const { span } = recording;
  const { spans } = reply;
  span.setAttribute('async.offload.queue_wait_ms', reply.queueWaitMillis);
  span.setAttribute('async.offload.thread', reply.thread);
  if (reply.droppedSpans) span.setAttribute('async.offload.dropped_spans', reply.droppedSpans);
  if (spans !== undefined) guard('taking in spans', () => takeIn(spans, recording, failure));
}

function refuse(error: unknown, recording: SpanRecording | undefined): never {
  setOutcome(recording, 'not_started');
  throw error;
}

function setOutcome(
  recording: SpanRecording | undefined,
  outcome: 'cancelled' | 'not_started',
): void {
  recording?.span.setAttribute('async.task.outcome', outcome);
}
