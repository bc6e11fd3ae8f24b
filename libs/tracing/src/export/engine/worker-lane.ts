import { Worker } from 'node:worker_threads';
import type { ExportSettings } from '../core/export-settings.js';
import type { EncodedScope, Unsent } from '../core/outbox.js';
import type { LedgerEntries } from '../core/shared-ledger.js';
import { SharedLedger } from '../core/shared-ledger.js';
import type { FromThread, ThreadData, ToThread } from '../thread/messages.js';
import type { ExportLane, LaneWatcher } from './export-lane.interface.js';
import type { HandOn } from './fallback-lane.js';

/** A thread that crashes is started again after this long, so that a crash at its start is no storm. */
const RESTART_MILLIS = 500;
/** What the thread may use of its own; the spans that wait are outside of it, and bounded. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 };

/**
 * The sending side on a thread of its own. It starts beside the application, so that it is ready
 * when the first spans come, even if these are the last.
 */
export class WorkerLane implements ExportLane {
  readonly #file: string;
  readonly #settings: ExportSettings;
  readonly #listener: LaneWatcher;
  readonly #introduction: ToThread[] = [];
  readonly #waiting: ToThread[] = [];
  /** Sent to a thread that does not listen yet, and may never. */
  #unread: ToThread[] = [];
  readonly #onUnusable: (reason: string, handOn: HandOn) => void;
  readonly #flushes = new Map<number, (left: number) => void>();
  #flushId = 0;
  #worker: Worker | undefined;
  #ledger = new SharedLedger();
  #restart: NodeJS.Timeout | undefined;
  #drained: (() => void) | undefined;
  #hasSpans = false;
  #isStopped = false;

  /** @param onUnusable told, once, that no thread can be started; this lane is not used any more then */
  constructor(
    file: string,
    settings: ExportSettings,
    listener: LaneWatcher,
    onUnusable: (reason: string, handOn: HandOn) => void = () => undefined,
  ) {
    this.#file = file;
    this.#settings = settings;
    this.#listener = listener;
    this.#onUnusable = onUnusable;
    this.#start();
  }

  /** A thread that does not listen yet may turn out not to start, which only the loop can tell. */
  get needsLoop(): boolean {
    return !this.#ledger.isReady;
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

  /** Takes the place of another lane, which could not send this. */
  takeOver(unsent: Unsent): void {
    this.#hasSpans = true;
    this.#post({ type: 'takeOver', unsent });
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

  get lagMillis(): number {
    return this.#ledger.lagMillis;
  }

  collect(): LedgerEntries {
    if (this.#ledger.isReady) this.#unread = [];
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

  /** Until the thread listens it gets copies: what it never reads is still here. */
  #send(message: ToThread): void {
    this.#unread.push(message);
    this.#start();
    if (!this.#ledger.isReady) return this.#worker?.postMessage(message);
    this.#unread = [];
    this.#worker?.postMessage(message, message.type === 'spans' ? [message.slice.buffer] : []);
  }

  #start(): void {
    if (this.#worker !== undefined || this.#isStopped) return;
    clearTimeout(this.#restart);
    this.#restart = undefined;
    try {
      this.#worker = this.#spawn();
    } catch (error) {
      return this.#giveUp(String(error));
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
    else if (message.type === 'reach') this.#listener.reached(message.fault);
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
    if (this.#ledger.isReady) this.#fail(reason);
    else this.#giveUp(reason);
  }

  /** A thread that never came to listen will not the next time either. */
  #giveUp(reason: string): void {
    if (this.#isStopped) return;
    const messages = [...this.#introduction, ...this.#unread, ...this.#waiting.splice(0)];
    this.#stop();
    this.#onUnusable(reason, (next) => messages.forEach((message) => tell(next, message)));
    this.#release();
  }

  /** What the thread held is lost; what comes now waits for the next one. */
  #fail(reason: string): void {
    this.#waiting.length = 0;
    this.#listener.crashed(reason);
    this.#ledger = new SharedLedger();
    this.#unread = [];
    this.#release();
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => this.#start(), RESTART_MILLIS).unref();
  }

  /** Answers all who wait. */
  #release(): void {
    for (const id of this.#flushes.keys()) this.#answerFlush(id, 0);
    this.#drained?.();
  }

  #stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }
}

/** Tells another lane what a thread was told; who waits for an answer asks it again. */
function tell(lane: ExportLane, message: ToThread): void {
  if (message.type === 'resource') lane.setResource(message.bytes, message.schemaUrl);
  else if (message.type === 'scope') lane.addScope(message.scope);
  else if (message.type === 'spans') lane.handOver(message.slice, message.count);
}
