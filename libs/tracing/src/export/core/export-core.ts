import { Arrivals } from './arrivals.js';
import { FlushWaiters } from './flush-waiters.js';
import { Outbox } from './outbox.js';
import type { EncodedScope, OutgoingRequest, Unsent } from './outbox.js';
import { Pace } from './pace.js';
import type { ReachListener } from './reach.js';
import { Reach } from './reach.js';
import { redactor, secretsOf } from './redact.js';
import type { ExportSettings } from './export-settings.js';
import type { RetryOutcome, Sender, SendOutcome } from './sender.interface.js';
import type { Outcome, SharedLedger } from './shared-ledger.js';

/** How long a collector that is away is still asked while the process waits for its end. */
const LAST_PATIENCE_MILLIS = 400;

/** Spans that are lost. */
export interface Loss {
  readonly count: number;
  readonly outcome: Outcome;
  /** Why, for people. */
  readonly reason: string;
}

/** Is told of every loss. */
export type LossListener = (loss: Loss) => void;

/** The sending side: batches, sends, repeats and books. Runs on the export thread, or without one. */
export class ExportCore {
  readonly #settings: ExportSettings;
  readonly #sender: Sender;
  readonly #ledger: SharedLedger;
  readonly #onLoss: LossListener;
  readonly #reach: Reach;
  readonly #redact: (text: string) => string;
  readonly #outbox: Outbox;
  readonly #pace = new Pace();
  readonly #flushes = new FlushWaiters();
  readonly #arrivals = new Arrivals();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #draining: { readonly since: number; readonly done: () => void } | undefined;

  constructor(
    settings: ExportSettings,
    sender: Sender,
    ledger: SharedLedger,
    onLoss: LossListener,
    onReach: ReachListener = () => undefined,
  ) {
    this.#settings = settings;
    this.#sender = sender;
    this.#ledger = ledger;
    this.#onLoss = onLoss;
    this.#reach = new Reach(onReach);
    this.#redact = redactor(secretsOf(settings.endpoint, settings.headers));
    this.#outbox = new Outbox(settings.maxExportBatchSize);
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
    if (this.#outbox.received === 0) this.#sender.prepare();
    this.#outbox.add(slice, count);
    this.#arrivals.add(this.#outbox.received, Date.now());
    this.#pump();
  }

  /** Sends what has come so far; answers how many spans of it are left because the collector is away. */
  flush(): Promise<number> {
    const flushed = this.#flushes.wait(this.#outbox.received);
    this.#pump();
    return flushed;
  }

  /** Sends everything, for the last time and within a time limit; what cannot be sent is booked as lost. */
  drain(timeoutMillis: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#draining = { since: performance.now(), done: resolve };
    this.#pace.hurry();
    const late = (): void => this.#giveUp(`it took longer than ${timeoutMillis} ms`);
    setTimeout(late, timeoutMillis).unref();
    this.#pump();
    return promise;
  }

  /** Whether nothing is left to send. */
  get isEmpty(): boolean {
    return this.#outbox.isEmpty;
  }

  /** Stops, and answers all that is left, for a core elsewhere. A request under way may come twice. */
  surrender(): Unsent {
    clearTimeout(this.#timer);
    this.#sender.close();
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
    this.#flushes.answer(settledUpTo);
    this.#ledger.markOldest(this.#arrivals.oldest(settledUpTo));
    if (this.#draining !== undefined && this.#outbox.isEmpty) this.#end();
    else this.#arm();
  }

  #maySend(): boolean {
    const now = performance.now();
    if (this.#outbox.inFlight >= this.#pace.maxConcurrent || this.#pace.waitMillis(now) > 0)
      return false;
    if (this.#outbox.hasRetries || this.#isUrgent) return true;
    return this.#outbox.waiting >= this.#settings.maxExportBatchSize || this.#isDue(now);
  }

  get #isUrgent(): boolean {
    return this.#draining !== undefined || !this.#flushes.isEmpty;
  }

  #isDue(now: number): boolean {
    if (this.#outbox.waiting === 0) this.#dueAt = Infinity;
    else this.#dueAt = Math.min(this.#dueAt, now + this.#settings.scheduleDelayMillis);
    return this.#dueAt <= now;
  }

  /** One timer for whatever comes next: the end of a wait, or spans that have waited long enough. */
  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#outbox.isEmpty || this.#outbox.inFlight >= this.#pace.maxConcurrent) return;
    const now = performance.now();
    this.#isDue(now);
    const hasWork = this.#outbox.hasRetries || this.#isUrgent;
    const delay = Math.max(this.#pace.waitMillis(now), hasWork ? 0 : this.#dueAt - now);
    if (delay === Infinity) return;
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.ceil(delay))).unref();
  }

  async #send(request: OutgoingRequest): Promise<void> {
    if (this.#outbox.waiting === 0) this.#dueAt = Infinity;
    const { requestTimeoutMillis } = this.#settings;
    const sentAt = performance.now();
    const outcome = await this.#sender
      .send(request.body, requestTimeoutMillis)
      .catch((error: unknown): SendOutcome => ({ kind: 'refused', reason: String(error) }));
    if (outcome.kind === 'retry') this.#repeat(request, sentAt, outcome);
    else this.#settle(request, outcome);
    this.#pump();
  }

  #settle(request: OutgoingRequest, outcome: Exclude<SendOutcome, { kind: 'retry' }>): void {
    this.#pace.succeeded();
    this.#reach.tell(undefined);
    if (!this.#outbox.settle(request)) return;
    this.#ledger.release(request.bytes);
    if (outcome.kind === 'refused') {
      const reason = `the collector refused them (${outcome.reason})`;
      return this.#lose('non_retryable', request.count, reason);
    }
    const rejected = Math.min(outcome.rejected, request.count);
    this.#ledger.settle('exported', request.count - rejected);
    this.#lose('rejected', rejected, `the collector rejected them (${outcome.message})`);
  }

  #repeat(request: OutgoingRequest, sentAt: number, { reason, afterMillis }: RetryOutcome): void {
    const now = performance.now();
    if (!this.#outbox.isUnderWay(request)) return;
    this.#ledger.retry();
    this.#reach.tell(this.#redact(reason));
    this.#outbox.repeat(request);
    this.#sender.reconnect();
    this.#pace.failed(now, sentAt, afterMillis, this.#draining !== undefined);
    this.#flushes.failed();
    if (this.#draining === undefined) return;
    const isHopeless = now - this.#draining.since > LAST_PATIENCE_MILLIS;
    if (isHopeless) this.#giveUp(`the collector is away (${reason})`);
  }

  #giveUp(reason: string): void {
    const { count, bytes } = this.#outbox.abandon();
    this.#ledger.release(bytes);
    this.#lose('deadline', count, reason);
    this.#end();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#flushes.answer(this.#outbox.settledUpTo);
    this.#ledger.markDrained(); // first: a thread that ends waits for it
    this.#draining?.done();
    this.#sender.close();
  }

  #lose(outcome: Outcome, count: number, reason: string): void {
    if (count === 0) return;
    this.#ledger.settle(outcome, count);
    this.#onLoss({ count, outcome, reason: this.#redact(reason) });
  }
}
