import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Loss } from '../transport/core-listener.js';
import { FRAME_HEADER_BYTES } from '../transport/frame.js';
import { FullSlices } from './full-slices.js';
import { MAX_SPAN_BYTES, SliceWriter } from './slice.js';
import { withDeadline } from '../../with-deadline.js';
import type { LossReporter } from '../accounts/loss-reporter.js';
import type { SpanAccounts, SpanStats } from '../accounts/span-accounts.js';
import type { ExportBridge, BridgeListener } from '../bridge/export-bridge.interface.js';
import { SpanOrigins } from './span-origins.js';

/** Spans wait so long for more, so that a hand-over costs little a span. */
const HAND_OVER_MILLIS = 50;
/** A thread that still starts when the end comes is late to see it; nobody waits longer than this. */
const LATE_MILLIS = 400;
/** Memory for spans on their way, in bytes of their encoding. */
export const MAX_QUEUE_BYTES = 32 * 1024 * 1024;

/** Encodes finished spans one by one and hands them over in slices. */
export class SpanHandover {
  readonly #maxQueueSize: number;
  readonly #accounts: SpanAccounts;
  readonly #losses: LossReporter;
  readonly #bridge: ExportBridge;
  readonly #origins: SpanOrigins;
  readonly #slice: SliceWriter;
  readonly #full: FullSlices;
  readonly #awayBecause: () => string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lossReason = '';
  #isEncoding = false;
  #isClosed = false;

  /** @param awayBecause returns why the collector is away, if it is */
  constructor(
    maxQueueSize: number,
    accounts: SpanAccounts,
    losses: LossReporter,
    makeBridge: (listener: BridgeListener) => ExportBridge,
    awayBecause: () => string | undefined = () => undefined,
  ) {
    this.#awayBecause = awayBecause;
    this.#maxQueueSize = maxQueueSize;
    this.#accounts = accounts;
    this.#losses = losses;
    this.#bridge = makeBridge({
      lost: (loss) => this.#hearLoss(loss),
      crashed: (reason) => this.#crashed(reason),
    });
    this.#origins = new SpanOrigins(this.#bridge);
    this.#full = new FullSlices(this.#bridge, maxQueueSize);
    this.#slice = new SliceWriter((slice, count) => this.#full.add(slice, count));
  }

  /** Whether spans leave only while the application's thread turns its loop. */
  get needsLoop(): boolean {
    return this.#bridge.needsLoop;
  }

  /** Whether the thread that sends is on its way, and not there yet. */
  get isStarting(): boolean {
    return this.#bridge.isStarting;
  }

  /** Whether the books are closed: nothing that comes now can leave any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Takes a span that has ended, or books why not. */
  take(span: ReadableSpan): void {
    if (this.#isEncoding)
      return this.#drop('export_failed', 'an attribute that was read ended them');
    if (this.#isFull()) return this.#drop('queue_full', this.#fullReason);
    const length = this.#encode(span);
    if (length === 0) return;
    this.#slice.commit(this.#origins.scopeIndex(span));
    this.#accounts.enqueue(length + FRAME_HEADER_BYTES);
    this.#timer ??= setTimeout(() => this.handOver(), HAND_OVER_MILLIS).unref();
  }

  /** Hands over what has gathered. */
  handOver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#slice.close();
    this.#full.handOver();
    this.#settle();
  }

  /** Sends what has ended so far, within a time limit; resolves with how many spans are left then. */
  async flush(timeoutMillis: number): Promise<number> {
    this.handOver();
    await this.#origins.whenKnown();
    const left = await this.#bridge.flush(timeoutMillis);
    this.#settle();
    return left;
  }

  /** Sends everything and stops; resolves with what is lost and why. */
  async drain(timeoutMillis: number): Promise<{ lost: number; reason: string }> {
    const before = this.stats().dropped.deadline;
    this.handOver();
    this.#origins.sendResource();
    try {
      await withDeadline(this.#bridge.drain(timeoutMillis), timeoutMillis + LATE_MILLIS);
    } catch {
      this.#lossReason = `it took longer than ${timeoutMillis} ms`;
    }
    this.#close();
    return { lost: this.stats().dropped.deadline - before, reason: this.#lossReason };
  }

  /**
   * As `drain`, while the process ends: blocks, and books what is not settled then as lost. What ends
   * later can be drained again, as long as nothing was lost.
   */
  drainBlocking(timeoutMillis: number): number {
    const before = this.stats().dropped.deadline;
    this.handOver();
    this.#origins.sendResource();
    this.#bridge.drainBlocking(timeoutMillis);
    if (this.stats().queued > 0) this.#close();
    return this.stats().dropped.deadline - before;
  }

  stats(): SpanStats {
    this.#settle();
    return this.#accounts.snapshot();
  }

  #settle(): void {
    if (!this.#isClosed) this.#accounts.settle(this.#bridge.collect());
  }

  /** Closes the books: what is not settled by now is lost. */
  #close(): void {
    const { queued } = this.stats();
    this.#accounts.lose('deadline', queued);
    this.#isClosed = true;
  }

  /** Returns the length, or 0 for a span that is lost and booked. */
  #encode(span: ReadableSpan): number {
    this.#isEncoding = true; // values may be accessors, which run whatever code they like
    try {
      const length = this.#slice.encode(span);
      if (length <= MAX_SPAN_BYTES) return length;
      this.#drop('too_large', `longer than ${MAX_SPAN_BYTES} bytes; set spanLimits`);
    } catch (error) {
      this.#drop('export_failed', `a span could not be encoded (${String(error)})`);
    } finally {
      this.#isEncoding = false;
    }
    this.#slice.discard();
    return 0;
  }

  /** The books are brought up to date only when it matters. */
  #isFull(): boolean {
    if (!this.#isOverLimit()) return false;
    this.#settle();
    return this.#isOverLimit();
  }

  #isOverLimit(): boolean {
    const { queued, queuedBytes } = this.#accounts;
    return queued >= this.#maxQueueSize || queuedBytes >= MAX_QUEUE_BYTES;
  }

  /** A queue that is full because nothing leaves it is not too small. */
  get #fullReason(): string {
    const bound =
      this.#accounts.queued >= this.#maxQueueSize
        ? `batch.maxQueueSize ${this.#maxQueueSize}`
        : `${MAX_QUEUE_BYTES} bytes`;
    const fault = this.#awayBecause();
    return fault === undefined
      ? `the queue is full (${bound})`
      : `the collector is away (${fault}), and the queue is full (${bound})`;
  }

  #drop(reason: 'queue_full' | 'too_large' | 'export_failed', why: string): void {
    this.#accounts.drop(reason);
    this.#losses.report(1, why);
  }

  /** Leaves what the end costs to the result of `drain`: it is not said twice. */
  #hearLoss({ count, reason, outcome }: Loss): void {
    this.#lossReason = reason;
    if (outcome !== 'deadline') this.#losses.report(count, reason);
  }

  #crashed(reason: string): void {
    this.#settle();
    const { count, bytes } = this.#full;
    const lost = this.#accounts.crash(this.#slice.count + count, this.#slice.bytes + bytes);
    this.#losses.report(lost, `the export thread crashed and starts again (${reason})`);
  }
}
