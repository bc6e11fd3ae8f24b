import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { encodeResource, encodeScope } from '../encoder/resource.js';
import { SpanEncoder } from '../encoder/span-encoder.js';
import type { Loss } from '../core/export-core.js';
import { FRAME_HEADER_BYTES, MAX_SPAN_BYTES, SliceWriter } from '../core/slice.js';
import { withDeadline } from '../../with-deadline.js';
import type { LossReporter } from '../loss-reporter.js';
import type { SpanAccounts, SpanStats } from '../span-accounts.js';
import type { ExportLane, LaneListener } from './export-lane.interface.js';

/** Spans wait so long for more, so that a hand-over costs little a span. */
const HAND_OVER_MILLIS = 50;
/** A thread that still starts when the end comes is late to see it; nobody waits longer than this. */
const LATE_MILLIS = 50;
/** Memory for spans on their way, in bytes of their encoding. */
export const MAX_QUEUE_BYTES = 32 * 1024 * 1024;

/** Encodes finished spans one by one and hands them over in slices. */
export class SpanHandover {
  readonly #maxQueueSize: number;
  readonly #accounts: SpanAccounts;
  readonly #losses: LossReporter;
  readonly #lane: ExportLane;
  readonly #encoder = new SpanEncoder();
  readonly #slice = new SliceWriter();
  readonly #scopes = new WeakMap<InstrumentationScope, number>();
  readonly #scopesByContent = new Map<string, number>();
  #resource: Resource | undefined;
  #resourceIsSent = false;
  #timer: NodeJS.Timeout | undefined;
  #lossReason = '';
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
  }

  /** Whether spans leave only while the application's thread turns its loop. */
  get needsLoop(): boolean {
    return this.#lane.needsLoop;
  }

  /** Takes a span that has ended, or books why not. */
  take(span: ReadableSpan): void {
    if (this.#isFull()) return this.#drop('queue_full', this.#fullReason);
    const bytes = this.#encode(span);
    if (bytes === undefined) return;
    if (!this.#slice.fits(bytes.length)) this.handOver();
    this.#slice.append(this.#scopeIndex(span), bytes);
    this.#accounts.enqueue(bytes.length + FRAME_HEADER_BYTES);
    this.#timer ??= setTimeout(() => this.handOver(), HAND_OVER_MILLIS).unref();
  }

  /** Hands over what has gathered. */
  handOver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { count } = this.#slice;
    if (count > 0) this.#lane.handOver(this.#slice.take(), count);
    this.#settle();
  }

  /** Sends what has ended so far; answers how many spans still wait because the collector is away. */
  async flush(): Promise<number> {
    this.handOver();
    await this.#resource?.waitForAsyncAttributes?.();
    const left = await this.#lane.flush();
    this.#settle();
    return left;
  }

  /** Sends everything and stops; answers what is lost and why. */
  async drain(timeoutMillis: number): Promise<{ lost: number; reason: string }> {
    const before = this.stats().dropped.deadline;
    this.handOver();
    this.#sendResource();
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
    this.#sendResource();
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

  #encode(span: ReadableSpan): Uint8Array | undefined {
    try {
      const bytes = this.#encoder.encode(span);
      if (bytes.length <= MAX_SPAN_BYTES) return bytes;
      this.#drop('too_large', `longer than ${MAX_SPAN_BYTES} bytes; set spanLimits`);
    } catch (error) {
      this.#drop('export_failed', `a span could not be encoded (${String(error)})`);
    }
    return undefined;
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

  #scopeIndex({ instrumentationScope, resource }: ReadableSpan): number {
    const known = this.#scopes.get(instrumentationScope);
    if (known !== undefined) return known;
    if (this.#resource === undefined) this.#adoptResource(resource);
    const index = this.#addScope(instrumentationScope);
    this.#scopes.set(instrumentationScope, index);
    return index;
  }

  /** A tracer has one scope for all its spans; a span from a worker brings a copy of its own. */
  #addScope(instrumentationScope: InstrumentationScope): number {
    const { schemaUrl } = instrumentationScope;
    const scope = encodeScope(instrumentationScope);
    const content = `${Buffer.from(scope).toString('latin1')} ${schemaUrl ?? ''}`;
    const known = this.#scopesByContent.get(content);
    if (known !== undefined) return known;
    const index = this.#scopesByContent.size;
    this.#scopesByContent.set(content, index);
    this.#lane.addScope({ scope, ...(schemaUrl === undefined ? {} : { schemaUrl }) });
    return index;
  }

  /** Parts of a resource may still be looked up: the export waits for them, the end does not. */
  #adoptResource(resource: Resource): void {
    this.#resource = resource;
    if (resource.asyncAttributesPending !== true) return this.#sendResource();
    const send = (): void => this.#sendResource();
    resource.waitForAsyncAttributes?.().then(send, send);
  }

  #sendResource(): void {
    if (this.#resource === undefined || this.#resourceIsSent) return;
    this.#resourceIsSent = true;
    this.#lane.setResource(encodeResource(this.#resource), this.#resource.schemaUrl);
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
