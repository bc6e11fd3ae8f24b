import type { Worker } from 'node:worker_threads';
import type { ExportSettings } from '../transport/export-settings.js';
import type { EncodedScope, Unsent } from '../transport/outbox.js';
import type { SharedSlice } from '../transport/shared-slice.js';
import type { LedgerEntries } from '../accounts/shared-ledger.js';
import { SharedLedger } from '../accounts/shared-ledger.js';
import type { FromThread, ToThread } from '../transport/messages.js';
import type { ExportBridge, BridgeWatcher } from './export-bridge.interface.js';
import type { HandOn } from './fallback-bridge.js';
import { handOver } from './hand-over.js';
import { keepAlive } from './keep-alive.js';
import { PendingCalls } from './pending-calls.js';
import { spawnExportThread } from './spawn-export-thread.js';

/** A thread that crashes is started again after this long, so that a crash at its start is no storm. */
const RESTART_MILLIS = 500;
/** An end waits so long for a thread that still starts: a busy machine must not cost the last spans. */
const START_MILLIS = 5000;

/**
 * Runs the sending side on a thread of its own, which starts beside the application, so that it is ready
 * when the first spans come, even if these are the last. It never keeps the process alive by itself.
 */
export class WorkerBridge implements ExportBridge {
  readonly #spawn: () => Worker;
  readonly #listener: BridgeWatcher;
  readonly #introduction: ToThread[] = [];
  readonly #waiting: ToThread[] = [];
  /** Sent to a thread that does not listen yet, and may never. */
  #unread: ToThread[] = [];
  readonly #onUnusable: (reason: string, handOn: HandOn) => void;
  readonly #calls = new PendingCalls();
  #worker: Worker | undefined;
  #ledger = new SharedLedger();
  #restart: NodeJS.Timeout | undefined;
  /** Drains that this thread was asked for. */
  #drains = 0;
  #hasSpans = false;
  #isStopped = false;

  /** @param onUnusable told, once, that no thread can be started; this bridge is not used any more then */
  constructor(
    file: string,
    settings: ExportSettings,
    listener: BridgeWatcher,
    onUnusable: (reason: string, handOn: HandOn) => void = () => undefined,
  ) {
    this.#spawn = () =>
      spawnExportThread(
        file,
        { settings, ledger: this.#ledger.buffer },
        (message) => this.#hear(message),
        (worker, reason) => this.#ended(worker, reason),
      );
    this.#listener = listener;
    this.#onUnusable = onUnusable;
    this.#start();
  }

  get isStarting(): boolean {
    return !this.#ledger.isReady;
  }

  /** A thread that does not listen yet may turn out not to start, which only the loop can tell. */
  get needsLoop(): boolean {
    return this.isStarting;
  }

  setResource(bytes: Uint8Array, schemaUrl: string | undefined): void {
    this.#introduce({ type: 'resource', bytes, ...(schemaUrl === undefined ? {} : { schemaUrl }) });
  }

  addScope(scope: EncodedScope): void {
    this.#introduce({ type: 'scope', scope });
  }

  handOver(slice: SharedSlice, count: number): void {
    this.#hasSpans = true;
    this.#post({ type: 'spans', slice, count });
  }

  /** Takes the place of another bridge, which could not send this. */
  takeOver(unsent: Unsent): void {
    this.#hasSpans = true;
    this.#post({ type: 'takeOver', unsent });
  }

  flush(timeoutMillis: number): Promise<number> {
    if (!this.#hasSpans) return Promise.resolve(0);
    const { id, result } = this.#calls.open();
    this.#post({ type: 'flush', id, timeoutMillis });
    return keepAlive(result, timeoutMillis);
  }

  async drain(timeoutMillis: number): Promise<void> {
    if (this.#hasSpans) {
      const { result } = this.#calls.open();
      this.#postDrain(timeoutMillis);
      await keepAlive(result, this.isStarting ? timeoutMillis + START_MILLIS : timeoutMillis);
    }
    this.#stop();
  }

  drainBlocking(timeoutMillis: number): void {
    if (!this.#hasSpans || timeoutMillis <= 0) return;
    this.#start();
    if (this.#worker === undefined) return;
    this.#postDrain(timeoutMillis);
    if (this.#ledger.waitReady(Math.max(timeoutMillis, START_MILLIS)))
      this.#ledger.waitDrained(this.#drains, timeoutMillis);
  }

  get lagMillis(): number {
    return this.#ledger.lagMillis;
  }

  collect(): LedgerEntries {
    if (this.#ledger.isReady) this.#unread = [];
    return this.#ledger.collect();
  }

  /** Tells what every thread must know, a restarted one too. */
  #introduce(message: ToThread): void {
    this.#introduction.push(message);
    this.#worker?.postMessage(message);
  }

  #post(message: ToThread): void {
    if (this.#worker === undefined && this.#restart !== undefined) this.#waiting.push(message);
    else this.#send(message);
  }

  #postDrain(timeoutMillis: number): void {
    this.#drains += 1;
    this.#post({ type: 'drain', timeoutMillis });
  }

  /** What a thread never reads that does not listen yet is kept; its memory is not used again either. */
  #send(message: ToThread): void {
    if (this.#ledger.isReady) this.#unread = [];
    else this.#unread.push(message);
    this.#start();
    this.#worker?.postMessage(message);
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
  }

  #hear(message: FromThread): void {
    if (message.type === 'loss') this.#listener.lost(message.loss);
    else if (message.type === 'collector') this.#listener.collectorChanged(message.fault);
    else if (message.type === 'flushed') this.#calls.close(message.id, message.left);
    else this.#calls.closeAll();
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
    this.#onUnusable(reason, (next) => messages.forEach((message) => handOver(next, message)));
    this.#calls.closeAll();
  }

  /** Books as lost what the thread held; what comes now waits for the next one. */
  #fail(reason: string): void {
    this.#waiting.length = 0;
    this.#listener.crashed(reason);
    this.#ledger = new SharedLedger();
    this.#drains = 0;
    this.#unread = [];
    this.#calls.closeAll();
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => this.#start(), RESTART_MILLIS).unref();
  }

  #stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}
