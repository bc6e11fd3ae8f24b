import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Loss } from '../core/export-core.js';
import { FRAME_HEADER_BYTES } from '../core/frame.js';
import { MAX_SPAN_BYTES, SliceWriter } from '../core/slice.js';
import { withDeadline } from '../../with-deadline.js';
import type { LossReporter } from '../loss-reporter.js';
import type { SpanAccounts, SpanStats } from '../span-accounts.js';
import type { ExportLane, LaneListener } from './export-lane.interface.js';
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
  readonly #lane: ExportLane;
  readonly #origins: SpanOrigins;
  readonly #slice: SliceWriter;
  #timer: NodeJS.Timeout | undefined;
  #lossReason = '';
  #isEncoding = false;
  #isClosed = false;

  constructor(
    maxQueueSize: number,
    accounts: SpanAccounts,
    losses: LossReporter,
    makeLane: (listener: LaneListener) => ExportLane,
  ) {
    this.#maxQueueSize = maxQueueSize;
    this.#accounts = accounts;
    this.#losses = losses;
    this.#lane = makeLane({
      lost: (loss) => this.#hearLoss(loss),
      crashed: (reason) => this.#crashed(reason),
    });
    this.#origins = new SpanOrigins(this.#lane);
    this.#slice = new SliceWriter((slice, count) => this.#lane.handOver(slice, count));
  }

  /** Whether spans leave only while the application's thread turns its loop. */
  get needsLoop(): boolean {
    return this.#lane.needsLoop;
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
    if (this.#slice.count > 0) {
      const { slice, count } = this.#slice.take();
      this.#lane.handOver(slice, count);
    }
    this.#settle();
  }

  /** Sends what has ended so far; answers how many spans still wait because the collector is away. */
  async flush(): Promise<number> {
    this.handOver();
    await this.#origins.whenKnown();
    const left = await this.#lane.flush();
    this.#settle();
    return left;
  }

  /** Sends everything and stops; answers what is lost and why. */
  async drain(timeoutMillis: number): Promise<{ lost: number; reason: string }> {
    const before = this.stats().dropped.deadline;
    this.handOver();
    this.#origins.sendResource();
    try {
      await withDeadline(this.#lane.drain(timeoutMillis), timeoutMillis + LATE_MILLIS);
    } catch {
      this.#lossReason = `it took longer than ${timeoutMillis} ms`;
    }
    this.#close();
    return { lost: this.stats().dropped.deadline - before, reason: this.#lossReason };
  }

  /** As `drain`, while the process ends: blocks, and books what is not settled then as lost. */
  drainBlocking(timeoutMillis: number): number {
    this.handOver();
    this.#origins.sendResource();
    this.#lane.drainBlocking(timeoutMillis);
    this.#close();
    return this.stats().dropped.deadline;
  }

  stats(): SpanStats {
    this.#settle();
    return this.#accounts.snapshot();
  }

  #settle(): void {
    if (!this.#isClosed) this.#accounts.settle(this.#lane.collect());
  }

  /** Closes the books: what is not settled by now is lost. */
  #close(): void {
    const { queued } = this.stats();
    this.#accounts.lose('deadline', queued);
    this.#isClosed = true;
  }

  /** Answers the length, or 0 for a span that is lost and booked. */
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

  get #fullReason(): string {
    return this.#accounts.queued >= this.#maxQueueSize
      ? `the queue is full (batch.maxQueueSize ${this.#maxQueueSize})`
      : `the queue is full (${MAX_QUEUE_BYTES} bytes)`;
  }

  #drop(reason: 'queue_full' | 'too_large' | 'export_failed', why: string): void {
    this.#accounts.drop(reason);
    this.#losses.report(1, why);
  }

  /** What the end costs is the answer of `drain`, and not said twice. */
  #hearLoss({ count, reason, outcome }: Loss): void {
    this.#lossReason = reason;
    if (outcome !== 'deadline') this.#losses.report(count, reason);
  }

  #crashed(reason: string): void {
    this.#settle();
    const lost = this.#accounts.crash(this.#slice.count, this.#slice.bytes);
    this.#losses.report(lost, `the export thread crashed and starts again (${reason})`);
  }
}
