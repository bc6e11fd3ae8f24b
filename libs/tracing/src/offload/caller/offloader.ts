import { enclosingSignal } from '../../context/enclosing-work.js';
import { withDeadline } from '../../with-deadline.js';
import type { OffloadBackend, OffloadReply } from '../backend.interface.js';
import { enqueueOptions, offloadCallOptions } from './call-options.js';
import { endOf } from './call-end.js';
import { withTimeout } from './call-timeout.js';
import { CallQueue } from './call-queue.js';
import { nowMillis } from '../clock.js';
import { assertCloneable } from '../wire/cloneable.js';
import { isTask } from '../task/define-task.js';
import { judgeAttempts } from '../wire/failure-of.js';
import { Grace } from './grace.js';
import { OffloadCounts } from './offload-counts.js';
import type { OffloadStats } from './offload-counts.js';
import type { OffloadSettings } from './offload-settings.js';
import { OffloadSpan } from './offload-span.js';
import { CallNotStartedError, OffloadClosedError } from '../offload.error.js';
import type { EnqueueOptions, EnqueuedTask, OffloadOptions } from '../offload.options.js';
import type { SpanIntake } from '../returning-spans/span-intake.js';
import type { AnyTask, WorkerTask } from '../task/task.interface.js';

const NOTHING: readonly never[] = [];

/** The caller's side of offloading: queue, cancellation, errors and books. */
export class Offloader {
  readonly #settings: OffloadSettings;
  readonly #backend: OffloadBackend;
  readonly #intake: SpanIntake;
  readonly #queue: CallQueue;
  readonly #counts = new OffloadCounts();
  #ended: Promise<void> = Promise.resolve();

  constructor(settings: OffloadSettings, backend: OffloadBackend, intake: SpanIntake) {
    this.#settings = settings;
    this.#backend = backend;
    this.#intake = intake;
    this.#queue = new CallQueue(backend.concurrency, settings.maxQueue);
  }

  /** As `TracingService.offload()`. */
  async run<I, O>(task: WorkerTask<I, O>, input: I, given: OffloadOptions = {}): Promise<O> {
    assertTask(task);
    offloadCallOptions.assert(given, 'offload', task.name);
    if (given.timeoutMillis !== undefined) {
      return withTimeout(task.name, given, (timed) => this.run(task, input, timed));
    }
    const options = withAmbientSignal(given);
    const submittedAt = nowMillis();
    const span = new OffloadSpan(task, options.attributes);
    this.#counts.submit();
    try {
      const reply = await this.#perform(task, input, options, submittedAt, span);
      const attempts = failed(reply)
        ? await judgeAttempts(task, reply, this.#backend)
        : [{ attempt: reply, failure: undefined }];
      span.describe(reply, attempts, this.#intake);
      options.signal?.throwIfAborted();
      const failure = attempts.at(-1)?.failure;
      if (failure !== undefined) throw failure.error;
      this.#counts.end('ok');
      span.succeed(reply.value);
      return reply.value as O;
    } catch (error) {
      const { thrown, outcome } = endOf(task.name, error, options.signal, this.#queue.closed);
      if (outcome === 'refused') this.#counts.refuse();
      else this.#counts.end(outcome);
      if (outcome === 'cancelled') span.cancel(thrown);
      else span.fail(thrown);
      throw thrown;
    }
  }

  /** As `TracingService.enqueue()`. */
  async enqueue<I, O>(
    task: WorkerTask<I, O>,
    input: I,
    options: EnqueueOptions = {},
  ): Promise<EnqueuedTask> {
    assertTask(task);
    enqueueOptions.assert(options, 'enqueue', task.name);
    if (this.#queue.closed) throw new OffloadClosedError(task.name);
    if (this.#backend.enqueue === undefined) {
      throw new TypeError(
        `enqueue("${task.name}") needs a queue that outlives this process: write ` +
          'offload: { backend: bullmqBackend({ connection }) }, or call detach() to run it here.',
      );
    }
    return this.#backend.enqueue(task, input, options);
  }

  /**
   * Makes sure that the tasks of this process can run, as the application starts.
   *
   * @throws OffloadTaskFileError naming the first that cannot, and the cure
   */
  checkTasks(): void {
    this.#backend.checkTasks?.();
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
    options: OffloadOptions,
    submittedAt: number,
    span: OffloadSpan,
  ): Promise<OffloadReply> {
    const { signal, graceMillis = this.#settings.graceMillis, transfer = NOTHING } = options;
    assertCloneable(input, 'input', transfer);
    const turn = this.#enter(task.name, signal, span);
    if (turn !== undefined) await turn;
    const grace = signal && new Grace(signal, graceMillis);
    let started: boolean | undefined;
    try {
      const { recording } = span;
      const { parent, headers } = span.origin(this.#backend.readsParent === true);
      const { attempts } = options;
      const kill = grace?.kill;
      const asked = { task, input, headers, parent, recording, submittedAt, transfer };
      const reply = await this.#backend.run({ ...asked, attempts, signal, kill });
      ({ started } = reply);
      return reply;
    } catch (error) {
      if (error instanceof CallNotStartedError) started = false;
      throw error;
    } finally {
      grace?.close();
      this.#queue.leave();
      if (started === false) span.setOutcome('not_started');
      else if (signal?.aborted === true) span.setOutcome('cancelled');
    }
  }

  #enter(
    task: string,
    signal: AbortSignal | undefined,
    span: OffloadSpan,
  ): Promise<void> | undefined {
    try {
      const turn = this.#queue.enter(task, signal);
      return turn?.catch((error: unknown) => refuse(error, span));
    } catch (error) {
      return refuse(error, span);
    }
  }
}

/** The group or task that the call is made in calls it off as well. */
function withAmbientSignal(options: OffloadOptions): OffloadOptions {
  const ambient = enclosingSignal();
  if (ambient === undefined) return options;
  const { signal } = options;
  return { ...options, signal: signal ? AbortSignal.any([signal, ambient]) : ambient };
}

/** Most calls succeed at once, and wait for no judgement. */
function failed({ thrown, earlier }: OffloadReply): boolean {
  return thrown !== undefined || earlier !== undefined;
}

function assertTask(task: unknown): void {
  if (isTask(task)) return;
  throw new TypeError(
    'offload() needs a task: write export const work = defineTask(import.meta.url, "work", fn) ' +
      'in a file of its own and pass it.',
  );
}

function refuse(error: unknown, span: OffloadSpan): never {
  span.setOutcome('not_started');
  throw error;
}
