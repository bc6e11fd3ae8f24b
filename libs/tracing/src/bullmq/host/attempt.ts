import type { Job } from 'bullmq';
import { UnrecoverableError } from 'bullmq';
import type { OffloadReply } from '../../offload/backend.interface.js';
import { nowMillis } from '../../offload/clock.js';
import type { EncodedThrown } from '../../offload/wire/error-codec.js';
import { encodeThrown } from '../../offload/wire/encode-thrown.js';
import { failureOf } from '../../offload/wire/failure-of.js';
import { Grace } from '../../offload/caller/grace.js';
import { assertJson } from '../../offload/wire/json-value.js';
import type { SpanIntake } from '../../offload/returning-spans/span-intake.js';
import { guard } from '../../span/guard.js';
import type { AttemptEnd, AttemptRecord, AttemptRecords } from '../attempt-records.js';
import type { JobMessage } from '../job-message.js';
import { readMessage, thrownAsJson, versioned } from '../job-message.js';
import type { HostTasks } from './host-tasks.js';
import { reportLostAttempts } from './report-lost-attempts.js';
import type { ProcessSpan } from './process-span.js';
import { isSampled, openProcessSpan } from './process-span.js';
import type { HostTaskRunner } from './task-runner.js';

/** Gives an attempt what it needs of its host. */
export interface AttemptSite {
  readonly queue: string;
  readonly client: string;
  readonly exportedByCaller: boolean;
  readonly tasks: HostTasks;
  readonly runner: HostTaskRunner;
  readonly records: AttemptRecords;
  readonly intake: SpanIntake;
  readonly graceMillis: number;
  /** Whether the host has ended without waiting: another one tries again and reports this attempt. */
  readonly gone: () => boolean;
}

/** One attempt at a job, from its record in Redis to what BullMQ is told. */
export class Attempt {
  readonly #site: AttemptSite;
  readonly #job: Job;
  readonly #message: JobMessage;
  readonly #span: ProcessSpan;
  readonly #record: AttemptRecord;
  readonly #controller = new AbortController();

  /** @throws UnrecoverableError if the job is none of ours */
  constructor(job: Job, site: AttemptSite) {
    this.#site = site;
    this.#job = job;
    this.#message = readOrGiveUp(job);
    this.#span = openProcessSpan({ ...site, job, message: this.#message });
    this.#record = {
      startedAt: nowMillis(),
      client: site.client,
      span: this.#span.place,
      exportedBy: this.#span.collector === undefined ? 'host' : 'caller',
    };
  }

  /** The caller does not want the result any more. */
  cancel(): void {
    this.#controller.abort();
  }

  /**
   * Runs the task and resolves with what BullMQ is to keep.
   *
   * @throws Error if it failed and may be tried again, UnrecoverableError if not
   */
  async run(): Promise<unknown> {
    await this.#begin();
    const reply = await this.#perform();
    const cancelled = this.#controller.signal.aborted;
    if (this.#site.gone()) throw new Error('the host has ended');
    const end = await this.#end(reply, cancelled);
    if (reply.thrown === undefined) return this.#result(reply, end);
    await this.#write({ ...this.#record, ended: end });
    throw jobError(reply.thrown, cancelled);
  }

  /** Written before anything runs: the task may end this process. */
  async #begin(): Promise<void> {
    const { records, exportedByCaller } = this.#site;
    const id = this.#job.id!;
    const [cancelled] = await Promise.all([
      records.isCancelled(id),
      this.#write(this.#record),
      exportedByCaller
        ? undefined
        : reportLostAttempts(this.#job, this.#message, this.#span, this.#site),
    ]);
    if (cancelled) this.cancel();
  }

  async #perform(): Promise<OffloadReply> {
    const { signal } = this.#controller;
    const grace = new Grace(signal, this.#site.graceMillis);
    try {
      signal.throwIfAborted();
      const reply = await this.#site.runner.run({
        task: this.#site.tasks.get(this.#job.name),
        input: this.#message.input,
        context: this.#span.context,
        recording: isSampled(this.#span.recording),
        submittedAt: this.#message.submittedAt,
        signal,
        kill: grace.kill,
      });
      return checked(reply);
    } catch (error) {
      return { queueWaitMillis: 0, thread: 0, thrown: encodeThrown(error) };
    } finally {
      grace.close();
    }
  }

  /** Ends the span. What the caller exports is in the answer. */
  async #end(reply: OffloadReply, cancelled: boolean): Promise<AttemptEnd> {
    const { queueWaitMillis, thread, thrown } = reply;
    const { recording, collector } = this.#span;
    const failure = await failureOf(this.#site.tasks.find(this.#job.name), reply);
    if (recording !== undefined) {
      const { spans } = reply;
      if (spans !== undefined && collector === undefined) {
        guard('taking in spans', () => this.#site.intake.takeIn(spans, recording, failure));
      }
      if (cancelled) recording.span.setAttribute('async.task.outcome', 'cancelled');
      if (failure === undefined) recording.succeed(undefined);
      else recording.fail(failure.error);
    }
    const end = { queueWaitMillis, thread, thrown: thrown && thrownAsJson(thrown) };
    if (collector === undefined) return end;
    const { spans, dropped } = collector.take();
    return {
      ...end,
      spans: [...(reply.spans ?? []), ...spans],
      droppedSpans: (reply.droppedSpans ?? 0) + dropped,
    };
  }

  #result({ value }: OffloadReply, end: AttemptEnd): unknown {
    if (!this.#message.awaited) return value;
    return versioned({ ...end, value, attempt: this.#job.attemptsStarted });
  }

  #write(record: AttemptRecord): Promise<void> {
    return this.#site.records.write(this.#job.id!, this.#job.attemptsStarted, record);
  }
}

/** A result that cannot travel is a failure of the task; its spans stay. */
function checked(reply: OffloadReply): OffloadReply {
  try {
    assertJson(reply.value, 'result');
    return reply;
  } catch (error) {
    const { value: _, ...rest } = reply;
    return { ...rest, thrown: encodeThrown(error) };
  }
}

function readOrGiveUp(job: Job): JobMessage {
  try {
    return readMessage<JobMessage>(job.data);
  } catch (error) {
    throw new UnrecoverableError((error as Error).message);
  }
}

/** Trying again would end the same way. */
const FINAL = new Set([
  'UnrecoverableError',
  'OffloadTaskUnknownError',
  'OffloadTaskFileError',
  'OffloadDataError',
]);

/** Makes the error that BullMQ keeps for its own tools; the caller reads the record. */
function jobError(thrown: EncodedThrown, cancelled: boolean): Error {
  if (!('error' in thrown)) return new Error(String(thrown.value));
  const { classes, name, message, stack } = thrown.error;
  const final = cancelled || [name, ...classes].some((each) => FINAL.has(each));
  const error = final ? new UnrecoverableError(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
