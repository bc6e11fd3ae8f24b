import type { SpanLimits } from '@opentelemetry/sdk-trace';
import type { Piscina } from 'piscina';
import type { OffloadBackend, OffloadCall, OffloadReply } from '../backend.interface.js';
import type { OffloadSettings } from '../caller/offload-settings.js';
import { OffloadCrashError, OffloadDataError } from '../offload.error.js';
import { assertRunsItself, assertTaskFile } from '../task/assert-task-file.js';
import { definedTasks, definitionOf, forgetDefined } from '../task/defined-tasks.js';
import type { AnyTask } from '../task/task.interface.js';
import { CancelFlags } from './cancel-flags.js';
import { loadPiscina } from './load-piscina.js';
import type { CallMessage, ReplyMessage, WorkerSettings } from './messages.js';
import { NO_FLAG } from './messages.js';
import { workerEnvironment, workerFlags } from './worker-environment.js';

/** How long a worker without work stays: its start takes longer than most tasks. */
const IDLE_MILLIS = 30_000;

/** Workers in a row that may end before any of them has answered. */
const MAX_RESCUES = 10;

/** Runs tasks on worker threads. Piscina is loaded and workers start when the first task comes. */
export class PiscinaBackend implements OffloadBackend {
  readonly concurrency: number;
  readonly readsParent = true;
  readonly #settings: OffloadSettings;
  readonly #spanLimits: SpanLimits;
  readonly #cancel: CancelFlags;
  readonly #checked = new WeakSet<AnyTask>();
  #opening: Promise<Piscina> | undefined;
  #pool: Piscina | undefined;
  #startFailure: unknown;
  #rescues = 0;

  constructor(settings: OffloadSettings, spanLimits: SpanLimits) {
    this.concurrency = settings.maxThreads;
    this.#settings = settings;
    this.#spanLimits = spanLimits;
    this.#cancel = new CancelFlags(this.concurrency);
  }

  /** @throws OffloadTaskFileError if the file of a task of this process is not of use to a worker */
  checkTasks(): void {
    for (const task of definedTasks()) assertTaskFile(task);
  }

  run(call: OffloadCall): Promise<OffloadReply> {
    const { signal } = call;
    if (signal === undefined) return this.#post(call, NO_FLAG);
    const followed = this.#cancel.follow(signal);
    return this.#post(call, followed.flag).finally(followed.letGo);
  }

  async close(): Promise<void> {
    const opening = this.#opening?.catch(() => undefined); // its callers have heard of it
    const pool = this.#pool ?? (await opening);
    this.#pool = this.#opening = undefined;
    await pool?.destroy();
  }

  /** A task may be defined after the start. Whether its file exists, its worker sees. */
  #check(task: AnyTask): void {
    const definition = definitionOf(task);
    if (definition !== undefined) assertRunsItself(definition);
    forgetDefined(task); // its caller hears of its file: no later start has to
    this.#checked.add(task);
  }

  async #post(call: OffloadCall, flag: number): Promise<OffloadReply> {
    if (!this.#checked.has(call.task)) this.#check(call.task);
    const pool = this.#pool ?? (await (this.#opening ??= this.#open()));
    try {
      const reply = (await pool.run(messageOf(call, flag), runOptions(call))) as ReplyMessage;
      this.#startFailure = undefined;
      this.#rescues = 0;
      return replyOf(reply);
    } catch (error) {
      throw this.#explain(call.task.name, error);
    }
  }

  async #open(): Promise<Piscina> {
    const { piscina, workerFile } = loadPiscina();
    const { maxThreads, resourceLimits } = this.#settings;
    const settings = { flags: this.#cancel.flags, spanLimits: this.#spanLimits };
    const pool = new piscina.Piscina({
      filename: workerFile,
      minThreads: 0,
      maxThreads,
      taskQueue: new piscina.FixedQueue(),
      idleTimeout: IDLE_MILLIS,
      recordTiming: false,
      execArgv: workerFlags(process.execArgv),
      env: workerEnvironment(process.env),
      workerData: { 'nestjs-tracing:offload': settings } satisfies WorkerSettings,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    });
    pool.on('error', (error) => {
      this.#startFailure = error;
    });
    pool.on('workerDestroy', () => setImmediate(() => this.#rescue(pool)));
    this.#pool = pool;
    return pool;
  }

  /**
   * Piscina forgets the calls that wait for a worker when the last one dies: they would stay pending
   * for ever. A new call makes it start another worker; if workers cannot start, all are rejected.
   */
  #rescue(pool: Piscina): void {
    if (pool !== this.#pool || pool.threads.length > 0 || pool.queueSize === 0) return;
    this.#rescues += 1;
    if (this.#startFailure === undefined && this.#rescues <= MAX_RESCUES) {
      return void pool.run(undefined).catch(() => undefined);
    }
    this.#pool = this.#opening = undefined;
    void pool.destroy();
  }

  #explain(task: string, error: unknown): Error {
    if (error instanceof Error && error.name === 'DataCloneError') {
      return new OffloadDataError(`input cannot cross to another thread: ${error.message}`);
    }
    const failure = this.#pool === undefined ? (this.#startFailure ?? error) : error;
    return new OffloadCrashError(task, failure, cureOf(failure, this.#settings));
  }
}

function cureOf(failure: unknown, { resourceLimits = {} }: OffloadSettings): string | undefined {
  if ((failure as { code?: unknown }).code !== 'ERR_WORKER_OUT_OF_MEMORY') return undefined;
  const { maxOldGenerationSizeMb: megabytes } = resourceLimits;
  const now = megabytes === undefined ? '' : ` It is ${megabytes} now.`;
  return `Give it less at a time, or raise offload.resourceLimits.maxOldGenerationSizeMb.${now}`;
}

/** No rest pattern here: this is on every call's way. */
function messageOf(call: OffloadCall, flag: number): CallMessage {
  const { task, input, recording, submittedAt, parent, headers } = call;
  const { file, name } = task;
  const written = parent === undefined ? headers : undefined;
  return [file, name, input, recording, submittedAt, flag, written, parent];
}

function replyOf(message: ReplyMessage): OffloadReply {
  const [value, thrown, queueWaitMillis, thread, spans, droppedSpans, started, taskSpan] = message;
  return { value, thrown, queueWaitMillis, thread, spans, droppedSpans, started, taskSpan };
}

/** A signal of piscina's own ends the worker, so it only gets the one that asks for that. */
function runOptions({ transfer, kill }: OffloadCall): Parameters<Piscina['run']>[1] {
  if (transfer.length === 0 && kill === undefined) return undefined;
  return {
    ...(transfer.length === 0 ? {} : { transferList: [...transfer] as never }),
    ...(kill === undefined ? {} : { signal: kill }),
  };
}
