import { Worker } from 'node:worker_threads';
import type { ExportSettings } from '../core/export-settings.js';
import type { EncodedScope } from '../core/outbox.js';
import type { LedgerEntries } from '../core/shared-ledger.js';
import { SharedLedger } from '../core/shared-ledger.js';
import type { FromThread, ThreadData, ToThread } from '../thread/messages.js';
import type { ExportLane, LaneListener } from './export-lane.interface.js';

/** A thread that crashes is started again after this long, so that a crash at its start is no storm. */
const RESTART_MILLIS = 500;
/** What the thread may use of its own; the spans that wait are outside of it, and bounded. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 };

/**
 * The sending side on a thread of its own. It starts beside the application, so that it is ready
 * when the first spans come, even if these are the last.
 */
export class WorkerLane implements ExportLane {
  readonly needsLoop = false;
  readonly #file: string;
  readonly #settings: ExportSettings;
  readonly #listener: LaneListener;
  readonly #introduction: ToThread[] = [];
  readonly #waiting: ToThread[] = [];
  readonly #flushes = new Map<number, (left: number) => void>();
  #flushId = 0;
  #worker: Worker | undefined;
  #ledger = new SharedLedger();
  #restart: NodeJS.Timeout | undefined;
  #drained: (() => void) | undefined;
  #hasSpans = false;
  #isStopped = false;

  constructor(file: string, settings: ExportSettings, listener: LaneListener) {
    this.#file = file;
    this.#settings = settings;
    this.#listener = listener;
    setImmediate(() => this.#start()).unref();
  }

  setResource(bytes: Uint8Array, schemaUrl: string | undefined): void {
    this.#introduce({ type: 'resource', bytes, ...(schemaUrl === undefined ? {} : { schemaUrl }) });
  }

  addScope(scope: EncodedScope): void {
    this.#introduce({ type: 'scope', scope });
  }

  handOver(slice: Uint8Array<ArrayBuffer>, count: number): void {
    this.#hasSpans = true;
    this.#post({ type: 'spans', slice, count });
  }

  flush(): Promise<number> {
    if (!this.#hasSpans) return Promise.resolve(0);
    const { promise, resolve } = Promise.withResolvers<number>();
    const id = (this.#flushId += 1);
    this.#flushes.set(id, resolve);
    this.#post({ type: 'flush', id });
    this.#keepAlive();
    return promise;
  }

  async drain(timeoutMillis: number): Promise<void> {
    if (this.#hasSpans) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#drained = resolve;
      this.#post({ type: 'drain', timeoutMillis });
      this.#keepAlive();
      await promise;
    }
    this.#stop();
  }

  drainBlocking(timeoutMillis: number): void {
    if (!this.#hasSpans) return;
    this.#start();
    if (this.#worker === undefined) return;
    this.#post({ type: 'drain', timeoutMillis });
    // The time limit is for the sending: a thread that still starts gets as long again for that.
    if (this.#ledger.waitReady(timeoutMillis)) this.#ledger.waitDrained(timeoutMillis);
  }

  collect(): LedgerEntries {
    return this.#ledger.collect();
  }

  /** What every thread must know, a restarted one too. */
  #introduce(message: ToThread): void {
    this.#introduction.push(message);
    this.#worker?.postMessage(message);
  }

  #post(message: ToThread): void {
    if (this.#worker === undefined && this.#restart !== undefined) this.#waiting.push(message);
    else this.#send(message);
  }

  #send(message: ToThread): void {
    this.#start();
    this.#worker?.postMessage(message, message.type === 'spans' ? [message.slice.buffer] : []);
  }

  #start(): void {
    if (this.#worker !== undefined || this.#isStopped) return;
    clearTimeout(this.#restart);
    this.#restart = undefined;
    try {
      this.#worker = this.#spawn();
    } catch (error) {
      return this.#fail(String(error));
    }
    for (const message of this.#introduction) this.#worker.postMessage(message);
    for (const message of this.#waiting.splice(0)) this.#send(message);
    this.#keepAlive();
  }

  #spawn(): Worker {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const workerData: ThreadData = { settings: this.#settings, ledger: this.#ledger.buffer };
    const worker = new Worker(this.#file, {
      name: 'nestjs-tracing export',
      execArgv: [],
      env,
      workerData,
      resourceLimits: RESOURCE_LIMITS,
    });
    let reason = 'it ended';
    worker.on('message', (message: FromThread) => this.#hear(message));
    worker.on('error', (error) => (reason = String(error)));
    worker.on('exit', () => this.#ended(worker, reason));
    return worker;
  }

  #hear(message: FromThread): void {
    if (message.type === 'loss') this.#listener.lost(message.loss);
    else if (message.type === 'flushed') this.#answerFlush(message.id, message.left);
    else this.#drained?.();
  }

  #answerFlush(id: number, left: number): void {
    this.#flushes.get(id)?.(left);
    this.#flushes.delete(id);
    this.#keepAlive();
  }

  /** The thread holds the process only while somebody waits for its answer. */
  #keepAlive(): void {
    if (this.#flushes.size > 0 || this.#drained !== undefined) this.#worker?.ref();
    else this.#worker?.unref();
  }

  #ended(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#fail(reason);
  }

  /** What the thread held is lost; what comes now waits for the next one. */
  #fail(reason: string): void {
    this.#waiting.length = 0;
    this.#listener.crashed(reason);
    this.#ledger = new SharedLedger();
    for (const id of this.#flushes.keys()) this.#answerFlush(id, 0);
    this.#drained?.();
    this.#restart = setTimeout(() => this.#start(), RESTART_MILLIS).unref();
  }

  #stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#drained = undefined;
    void worker?.terminate();
  }
}
