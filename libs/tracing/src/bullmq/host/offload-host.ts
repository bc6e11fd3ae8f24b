import { hostname } from 'node:os';
import { Logger } from '@nestjs/common';
import { ROOT_CONTEXT, context, diag } from '@opentelemetry/api';
import type { Job, QueueEvents } from 'bullmq';
import { Worker } from 'bullmq';
import { SpanIntake } from '../../offload/returning-spans/span-intake.js';
import { withDeadline } from '../../with-deadline.js';
import { AttemptRecords } from '../attempt-records.js';
import { listenToCancels } from '../cancel-stream.js';
import { describeConnection } from '../queue-location.js';
import { RedisLink } from '../redis-link.js';
import { assertSupported } from '../supported-bullmq.js';
import type { AttemptSite } from './attempt.js';
import { Attempt } from './attempt.js';
import { reportGivenUp } from './given-up.js';
import { joinCallerExport } from './caller-exported-spans.js';
import type { OffloadHostSettings } from './offload-host.options.js';
import type { HostTaskRunner } from './task-runner.js';
import { createRunner } from './task-runner.js';

/**
 * Runs the tasks that callers with `bullmqBackend()` put into the queue. Made by `createOffloadHost()`.
 *
 * @example
 * ```ts
 * const host = createOffloadHost({ tasks: [resize], connection: 'redis://redis:6379' });
 * await host.ready();
 * process.once('SIGTERM', () => void host.close());
 * ```
 */
export class OffloadHost {
  readonly #settings: OffloadHostSettings;
  readonly #worker: Worker;
  readonly #link: RedisLink;
  readonly #runner: HostTaskRunner;
  readonly #site: AttemptSite;
  readonly #attempts = new Map<string, Attempt>();
  readonly #listening: Promise<QueueEvents>;
  readonly #releaseCallerExport: (() => void) | undefined;
  #gone = false;
  #closing: Promise<void> | undefined;

  /** @internal made by `createOffloadHost()` and `OffloadHostModule` */
  constructor(settings: OffloadHostSettings) {
    const { location, tasks, graceMillis } = settings;
    this.#settings = settings;
    this.#runner = createRunner(settings);
    this.#releaseCallerExport = joinCallerExport();
    this.#worker = this.#makeWorker();
    assertSupported(this.#worker);
    this.#link = new RedisLink(
      this.#worker,
      describeConnection(location.connection),
      'OffloadHost',
    );
    this.#site = {
      queue: location.queue,
      client: `${hostname()}:${process.pid}`,
      exportedByCaller: this.#releaseCallerExport !== undefined,
      tasks,
      runner: this.#runner,
      records: AttemptRecords.of(this.#worker),
      intake: new SpanIntake((message) => new Logger('OffloadHost').warn(message)),
      graceMillis,
      gone: () => this.#gone,
    };
    this.#listening = this.#listen();
    this.#listening.catch((error: unknown) => this.#report('the queue cannot be read', error));
  }

  /** Begins to take tasks. */
  start(): void {
    const run = async (): Promise<void> => {
      await this.#listening;
      if (this.#closing === undefined) await this.#worker.run();
    };
    context.with(ROOT_CONTEXT, run).catch((error: unknown) => this.#report('stopped', error));
  }

  /** Resolves when it is connected to Redis. */
  async ready(): Promise<void> {
    await this.#listening;
    await this.#worker.waitUntilReady();
  }

  /**
   * Takes no more tasks, waits for those that run, and ends the connections. What is left at the
   * deadline is for another host, as soon as `lockMillis` have passed. Once, however often it is called.
   *
   * @param timeoutMillis milliseconds to wait at most. Default: `closeTimeoutMillis`
   */
  close(timeoutMillis: number = this.#settings.closeTimeoutMillis): Promise<void> {
    this.#closing ??= this.#close(timeoutMillis);
    return this.#closing;
  }

  /** Its loops belong to no span that may be active here. */
  #makeWorker(): Worker {
    const { location, concurrency, ...settings } = this.#settings;
    const options = {
      connection: location.connection,
      prefix: location.prefix,
      concurrency,
      autorun: false,
      lockDuration: settings.lockMillis,
      stalledInterval: settings.stalledIntervalMillis,
      maxStalledCount: settings.maxStalledCount,
    };
    const worker = context.with(
      ROOT_CONTEXT,
      () => new Worker(location.queue, (job: Job) => this.#process(job), options),
    );
    worker.on('completed', (job) => this.#forget(job));
    worker.on('failed', (job, error) => {
      if (job !== undefined) this.#failed(job, error);
    });
    return worker;
  }

  async #process(job: Job): Promise<unknown> {
    const attempt = new Attempt(job, this.#site);
    this.#attempts.set(job.id!, attempt);
    try {
      return await attempt.run();
    } finally {
      this.#attempts.delete(job.id!);
    }
  }

  #listen(): Promise<QueueEvents> {
    return context.with(ROOT_CONTEXT, () =>
      listenToCancels(
        this.#worker,
        this.#settings.location,
        (jobId) => this.#attempts.get(jobId)?.cancel(),
        (error) => diag.debug('nestjs-tracing: cancellations cannot be read', error), // the link says it
      ),
    );
  }

  #failed(job: Job, error: Error): void {
    if (job.finishedOn === undefined) return;
    const reported = reportGivenUp(job, error, this.#site);
    reported.then(
      () => this.#forget(job),
      (failure: unknown) => this.#report(`job ${job.id} is not recorded`, failure),
    );
  }

  /** A caller that waits reads what there is, and forgets it then. */
  #forget(job: Job): void {
    const { awaited } = job.data as { awaited?: boolean };
    if (awaited === true) return;
    this.#site.records
      .forget(job.id!, job.attemptsStarted)
      .catch((error: unknown) => this.#report(`job ${job.id} stays known for a day`, error));
  }

  async #close(timeoutMillis: number): Promise<void> {
    const closing = this.#worker.close();
    try {
      await withDeadline(closing, timeoutMillis);
      this.#link.close();
    } catch {
      await this.#leave();
    } finally {
      await this.#runner.close();
      this.#listening.then(
        (events) => events.close(),
        () => undefined, // it never began
      );
      this.#releaseCallerExport?.();
    }
  }

  /** Without a connection no failure is written: what still runs is taken over by another host. */
  async #leave(): Promise<void> {
    this.#gone = true;
    this.#link.close();
    await this.#worker.getBackend().close(true);
  }

  #report(what: string, error: unknown): void {
    diag.warn(`nestjs-tracing: offload host: ${what}`, error);
  }
}
