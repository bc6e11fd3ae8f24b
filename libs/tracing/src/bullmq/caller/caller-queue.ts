import { randomUUID } from 'node:crypto';
import { diag } from '@opentelemetry/api';
import type { Job, JobsOptions, QueueEvents } from 'bullmq';
import { Queue } from 'bullmq';
import type { OffloadCall, OffloadReply } from '../../offload/backend.interface.js';
import { OffloadConnectionError, OffloadCrashError } from '../../offload/offload.error.js';
import { withDeadline } from '../../with-deadline.js';
import { AttemptRecords } from '../attempt-records.js';
import type { JobMessage } from '../job-message.js';
import { versioned } from '../job-message.js';
import { describeConnection } from '../queue-location.js';
import { RedisLink } from '../redis-link.js';
import { assertSupported } from '../supported-bullmq.js';
import type { BullmqBackendSettings } from './bullmq-backend.options.js';
import { jobOptions } from './job-options.js';
import { PendingCall } from './pending-call.js';
import { calledOffReply, failedReply, finishedReply } from './read-reply.js';
import type { JobEnds } from './reply-events.js';
import { listenToEnds } from './reply-events.js';
import { withdrawJob } from './withdraw-job.js';

/** How often the ends of pending jobs are looked up, should their events have been trimmed or lost. */
const LOOK_UP_MILLIS = 10_000;

/** Closing asks Redis to end the connections politely for this long. */
const CLOSE_MILLIS = 2000;

/** The states of `isFinished`. */
const MISSING = -1;
const COMPLETED = 1;
const FAILED = 2;

/** The caller's end of the queue: adds jobs and follows them to their ends. */
export class CallerQueue implements JobEnds {
  readonly queue: Queue;
  readonly link: RedisLink;
  readonly where: string;
  readonly #settings: BullmqBackendSettings;
  readonly #records: AttemptRecords;
  readonly #pending = new Map<string, PendingCall>();
  readonly #listening: Promise<QueueEvents>;
  readonly #lookUps: NodeJS.Timeout;
  #broken = false;

  /** @throws TypeError if the installed BullMQ is not supported */
  constructor(settings: BullmqBackendSettings) {
    const { location } = settings;
    const { connection, prefix } = location;
    this.#settings = settings;
    this.where = describeConnection(connection);
    this.queue = new Queue(location.queue, { connection, prefix });
    assertSupported(this.queue);
    this.link = new RedisLink(this.queue, this.where, 'OffloadQueue');
    this.#records = AttemptRecords.of(this.queue);
    this.#listening = listenToEnds(this.queue, location, this);
    this.#listening.catch((error: unknown) => {
      this.#broken = true;
      for (const pending of this.#pending.values()) pending.loseConnection(error);
    });
    this.link.onChange(() => this.#lookUp());
    this.#lookUps = setInterval(() => this.#lookUp(), LOOK_UP_MILLIS).unref();
  }

  /** Whether it could not be set up, and another one has to be tried. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Queues a job for a call and follows it to its end. */
  async run(call: OffloadCall): Promise<OffloadReply> {
    const jobId = randomUUID();
    const pending = new PendingCall(call, this.#site(), () => this.#callOff(jobId, pending));
    this.#pending.set(jobId, pending);
    const { input, headers, recording, submittedAt } = call;
    const message = versioned({ input, headers, recording, submittedAt, awaited: true });
    this.add(call.task.name, message, jobOptions(this.#settings, jobId, call.attempts)).then(
      () => this.#added(jobId, pending),
      (error: unknown) => pending.loseConnection(error),
    );
    try {
      return await pending.answer;
    } catch (error) {
      if (error instanceof OffloadConnectionError && pending.added) void this.#withdraw(jobId);
      throw error;
    } finally {
      pending.close();
      this.#pending.delete(jobId);
    }
  }

  /** Queues a job, once its end would be heard of. */
  async add(name: string, message: JobMessage, options: JobsOptions): Promise<Job> {
    await this.#listening;
    return this.queue.add(name, message, options);
  }

  /** Removes a job that may get into the queue although its caller was told that it cannot. */
  takeBack(jobId: string, adding: Promise<Job>): void {
    adding.then(
      () => this.#withdraw(jobId),
      () => undefined, // it did not get in
    );
  }

  /** Rejects what is pending, calls its jobs off, and ends the connections. */
  async close(): Promise<void> {
    clearInterval(this.#lookUps);
    const withdrawn = [...this.#pending].map(([jobId, pending]) => {
      pending.fail(new OffloadCrashError(pending.task, new Error('the application stops')));
      return this.link.up ? this.#withdraw(jobId) : Promise.resolve();
    });
    await Promise.all(withdrawn);
    const { up } = this.link;
    this.link.close();
    const ending = up ? this.#quit() : Promise.reject(new Error('there is no connection'));
    await withDeadline(ending, CLOSE_MILLIS).catch(() => this.#disconnect());
  }

  completed(jobId: string, value: unknown): void {
    this.#pending.get(jobId)?.succeed(this.#read(jobId, (job) => finishedReply(job, value)));
  }

  failed(jobId: string, reason: string): void {
    this.#pending.get(jobId)?.succeed(this.#read(jobId, (job) => failedReply(job, reason)));
  }

  removed(jobId: string): void {
    const pending = this.#pending.get(jobId);
    if (pending === undefined) return;
    if (pending.call.signal?.aborted === true)
      return pending.succeed(this.#read(jobId, calledOffReply));
    const gone = new Error('its job is no longer in the queue');
    pending.fail(new OffloadCrashError(pending.task, gone));
  }

  error(error: unknown): void {
    diag.debug('nestjs-tracing: the events of the queue cannot be read', error); // the link says it
  }

  #site(): ConstructorParameters<typeof PendingCall>[1] {
    const { link, where } = this;
    return { link, where, connectionTimeoutMillis: this.#settings.connectionTimeoutMillis };
  }

  /** Withdraws the job of a call that is over by now: nobody wants its result. */
  #added(jobId: string, pending: PendingCall): void {
    pending.added = true;
    if (!this.#pending.has(jobId) || pending.call.signal?.aborted === true) {
      void this.#withdraw(jobId);
    }
  }

  #callOff(jobId: string, pending: PendingCall): void {
    if (pending.added) void this.#withdraw(jobId);
  }

  #withdraw(jobId: string): Promise<void> {
    return withdrawJob(this.queue, this.#records, jobId);
  }

  async #read(
    jobId: string,
    read: (job: Parameters<typeof finishedReply>[0]) => Promise<OffloadReply>,
  ): Promise<OffloadReply> {
    const call = this.#pending.get(jobId)!.call;
    return read({ call, jobId, queue: this.queue, records: this.#records });
  }

  #lookUp(): void {
    if (!this.link.up) return;
    for (const [jobId, pending] of this.#pending) {
      if (pending.added) this.#lookUpOne(jobId).catch((error: unknown) => this.error(error));
    }
  }

  async #lookUpOne(jobId: string): Promise<void> {
    const found = await this.queue.getBackend().isFinished(jobId, true);
    const [state, value] = found as unknown as [number, string];
    if (state === COMPLETED) this.completed(jobId, JSON.parse(value));
    else if (state === FAILED) this.failed(jobId, value);
    else if (state === MISSING) this.removed(jobId);
  }

  async #quit(): Promise<void> {
    await (await this.#listening).close();
    await this.queue.close();
  }

  /** Asks nobody: connections that are only tried for end as well. */
  async #disconnect(): Promise<void> {
    this.#listening.then(
      (events) => events.getBackend().close(true),
      () => undefined, // it never began
    );
    await this.queue.getBackend().close(true);
  }
}
