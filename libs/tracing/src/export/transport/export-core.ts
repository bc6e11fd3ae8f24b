import { Arrivals } from './arrivals.js';
import { DispatchClock } from './dispatch-clock.js';
import { FlushWaiters } from './flush-waiters.js';
import { LastCalls } from './last-calls.js';
import { Outbox } from './outbox.js';
import type { EncodedScope, OutgoingRequest, Unsent } from './outbox.js';
import { Remarks } from './faults/remarks.js';
import { RetryPolicy } from './retry-policy.js';
import { failureOf } from './faults/connection-failure.js';
import { CollectorStatus } from './faults/collector-status.js';
import type { ExportSettings } from './export-settings.js';
import type { RetryOutcome, Transport, SendOutcome } from './transport.interface.js';
import type { Outcome, SharedLedger } from '../accounts/shared-ledger.js';
import type { CoreListener, Loss } from './core-listener.js';

/** The sending side: batches, sends, repeats and books. Runs on the export thread, or without one. */
export class ExportCore {
  readonly #settings: ExportSettings;
  readonly #transport: Transport;
  readonly #ledger: SharedLedger;
  readonly #onLoss: (loss: Loss) => void;
  readonly #status: CollectorStatus;
  readonly #remarks: Remarks;
  readonly #outbox: Outbox;
  readonly #retryPolicy = new RetryPolicy();
  readonly #dispatch: DispatchClock;
  readonly #flushes = new FlushWaiters();
  readonly #arrivals = new Arrivals();
  #answeredAt = -Infinity;
  #last: LastCalls | undefined;
  #fault = '';

  constructor(
    settings: ExportSettings,
    transport: Transport,
    ledger: SharedLedger,
    { onLoss, onStatus }: CoreListener,
  ) {
    this.#settings = settings;
    this.#transport = transport;
    this.#ledger = ledger;
    this.#onLoss = onLoss;
    this.#status = new CollectorStatus(onStatus);
    this.#remarks = new Remarks(settings);
    this.#outbox = new Outbox(settings.maxExportBatchSize);
    const pump = (): void => this.#pump();
    this.#dispatch = new DispatchClock(settings, this.#outbox, this.#retryPolicy, pump);
  }

  /** Says whom the spans come from. Nothing is sent before. */
  setResource(resource: Uint8Array, schemaUrl?: string): void {
    this.#outbox.setResource(resource, schemaUrl);
    this.#pump();
  }

  addScope(scope: EncodedScope): void {
    this.#outbox.addScope(scope);
  }

  /** Takes spans over. */
  receive(slice: Uint8Array, count: number): void {
    if (this.#outbox.received === 0) this.#transport.prepare();
    this.#outbox.add(slice, count);
    this.#arrivals.add(this.#outbox.received, Date.now());
    this.#pump();
  }

  /** Sends what has come so far; resolves with how many spans of it are left when it is over. */
  flush(timeoutMillis: number): Promise<number> {
    const flushed = this.#flushes.wait(this.#outbox.received, timeoutMillis);
    const now = performance.now();
    this.#flushes.expect(now + this.#retryPolicy.waitMillis(now));
    this.#pump();
    return flushed;
  }

  /**
   * Sends everything within a time limit; what cannot be sent is booked as lost. What comes later can
   * be drained again.
   */
  drain(timeoutMillis: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = (): void => this.#giveUp(this.#remarks.late(timeoutMillis, this.#fault));
    if (this.#last !== undefined) this.#finish(this.#last);
    this.#last = new LastCalls(timeoutMillis, late, resolve);
    this.#retryPolicy.hurry();
    this.#pump();
    return promise;
  }

  /** Whether nothing is left to send. */
  get isEmpty(): boolean {
    return this.#outbox.isEmpty;
  }

  /** Stops, and returns all that is left, for a core elsewhere. A request under way may come twice. */
  surrender(): Unsent {
    this.#dispatch.stop();
    this.#transport.close();
    return this.#outbox.surrender();
  }

  /** Goes on where another core has stopped. */
  takeOver(unsent: Unsent): void {
    this.#outbox.takeOver(unsent);
    this.#arrivals.add(this.#outbox.received, Date.now());
    this.#pump();
  }

  #pump(): void {
    for (;;) {
      const request = this.#maySend() ? this.#outbox.next() : undefined;
      if (request === undefined) break;
      void this.#send(request);
    }
    const { settledUpTo } = this.#outbox;
    this.#flushes.settle(settledUpTo);
    this.#ledger.markOldest(this.#arrivals.oldest(settledUpTo));
    if (this.#last === undefined) return this.#dispatch.arm(this.#isUrgent);
    if (this.#outbox.isEmpty) this.#end();
    else if (this.#last.isHopeless && this.#outbox.inFlight === 0) this.#giveUp(this.#fault);
    else this.#dispatch.arm(this.#isUrgent);
  }

  #maySend(): boolean {
    return this.#last?.isHopeless !== true && this.#dispatch.maySend(this.#isUrgent);
  }

  get #isUrgent(): boolean {
    return this.#last !== undefined || !this.#flushes.isEmpty;
  }

  async #send(request: OutgoingRequest): Promise<void> {
    const sentAt = performance.now();
    const outcome = await this.#transport
      .send(request.body, this.#settings.requestTimeoutMillis)
      .catch((error: unknown): SendOutcome => ({ kind: 'refused', ...failureOf(error) }));
    if (outcome.kind === 'retry') this.#repeat(request, sentAt, outcome);
    else this.#settle(request, outcome);
    this.#pump();
  }

  #settle(request: OutgoingRequest, outcome: Exclude<SendOutcome, { kind: 'retry' }>): void {
    const isForeign = outcome.kind === 'refused' && outcome.cause !== 'response';
    if (!isForeign) this.#answeredAt = performance.now();
    this.#retryPolicy.succeeded();
    this.#flushes.succeeded();
    this.#last?.succeeded();
    this.#status.tell(isForeign ? this.#remarks.faultOf(outcome) : undefined);
    if (!this.#outbox.settle(request)) return;
    this.#ledger.release(request.bytes);
    if (outcome.kind === 'refused')
      return this.#lose('non_retryable', request.count, this.#remarks.refused(outcome));
    const rejected = Math.min(outcome.rejected, request.count);
    this.#ledger.settle('exported', request.count - rejected);
    this.#lose('rejected', rejected, this.#remarks.rejected(outcome.message));
  }

  #repeat(request: OutgoingRequest, sentAt: number, outcome: RetryOutcome): void {
    const now = performance.now();
    if (!this.#outbox.isUnderWay(request)) return;
    const fault = this.#remarks.faultOf(outcome);
    this.#status.tell(fault);
    this.#fault = this.#remarks.away(fault);
    this.#outbox.repeat(request);
    if (outcome.cause !== 'response') this.#transport.reconnect();
    this.#retryPolicy.failed(now, sentAt, outcome.afterMillis, this.#last !== undefined);
    const nextAt = now + this.#retryPolicy.waitMillis(now);
    this.#flushes.failed();
    this.#flushes.expect(nextAt);
    this.#last?.failed(outcome, this.#answeredAt, nextAt);
  }

  #giveUp(reason: string): void {
    const { count, bytes } = this.#outbox.abandon();
    this.#ledger.release(bytes);
    this.#lose('deadline', count, reason);
    this.#end();
  }

  #end(): void {
    this.#dispatch.stop();
    this.#flushes.settle(this.#outbox.settledUpTo);
    if (this.#last !== undefined) this.#finish(this.#last);
    this.#last = undefined;
    this.#transport.close();
  }

  /** Each drain that was asked for is marked once: a thread that ends counts them. */
  #finish(last: LastCalls): void {
    this.#ledger.markDrained();
    last.end();
  }

  #lose(outcome: Outcome, count: number, reason: string): void {
    if (count === 0) return;
    this.#ledger.settle(outcome, count);
    this.#onLoss({ count, outcome, reason });
  }
}
