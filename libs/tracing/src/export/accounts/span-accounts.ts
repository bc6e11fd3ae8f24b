import type { BudgetTotals } from '../../tracer/budget/span-budget.js';
import type { LedgerEntries } from './shared-ledger.js';

/**
 * A reason why a finished span was not exported.
 *
 * @example
 * ```ts
 * if (tracing.stats().spans.dropped.queue_full > 0) logger.warn('raise batch.maxQueueSize');
 * ```
 */
export type DropReason =
  | 'queue_full'
  | 'too_large'
  | 'non_retryable'
  | 'deadline'
  | 'shutdown'
  | 'thread_crashed'
  | 'export_failed'
  | 'budget';

/**
 * Counts since the module started. Always
 * `ended = exported + dropped + rejected + unsampled + queued`; `started - ended` are still open.
 *
 * @example
 * ```ts
 * const { ended, exported, dropped, rejected, unsampled, queued } = tracing.stats().spans;
 * const lost = Object.values(dropped).reduce((sum, count) => sum + count, rejected);
 * // ended === exported + lost + unsampled + queued
 * ```
 */
export interface SpanStats {
  /** Recording spans opened, and those that the budget of their trace had no room for. */
  readonly started: number;
  /** Of these, the ones that have ended. */
  readonly ended: number;
  /** Accepted by the collector. */
  readonly exported: number;
  /** Lost, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Rejected by the collector as a part of what it accepted. */
  readonly rejected: number;
  /** Recorded, but not sampled: never meant for the collector. */
  readonly unsampled: number;
  /** Finished and waiting for their export, or on their way. */
  readonly queued: number;
  /** Calls that share a summary span with others of their name; they count nowhere else. */
  readonly collapsed: number;
}

const NOTHING_DROPPED: Readonly<Record<DropReason, number>> = {
  queue_full: 0,
  too_large: 0,
  non_retryable: 0,
  deadline: 0,
  shutdown: 0,
  thread_crashed: 0,
  export_failed: 0,
  budget: 0,
};

/** Enters what the budgets of traces have left out: such spans start and end at once. */
export function withBudget(stats: SpanStats, { dropped, collapsed }: BudgetTotals): SpanStats {
  return Object.freeze({
    ...stats,
    started: stats.started + dropped,
    ended: stats.ended + dropped,
    dropped: Object.freeze({ ...stats.dropped, budget: dropped }),
    collapsed,
  });
}

/** Keeps the books of every span between its start and its export. */
export class SpanAccounts {
  #started = 0;
  #ended = 0;
  #exported = 0;
  #rejected = 0;
  #unsampled = 0;
  #queued = 0;
  #queuedBytes = 0;
  readonly #dropped: Record<DropReason, number> = { ...NOTHING_DROPPED };

  get ended(): number {
    return this.#ended;
  }

  get queued(): number {
    return this.#queued;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Returns how full the queue is, from 0 to 1, by the bound that is closer. */
  fullness(maxCount: number, maxBytes: number): number {
    return Math.min(1, Math.max(this.#queued / maxCount, this.#queuedBytes / maxBytes));
  }

  start(): void {
    this.#started += 1;
  }

  end(): void {
    this.#ended += 1;
  }

  /** Books a span that ended and is not to be exported. */
  skip(): void {
    this.#unsampled += 1;
  }

  enqueue(bytes = 0): void {
    this.#queued += 1;
    this.#queuedBytes += bytes;
  }

  /** Books spans that left the queue and that the collector took. */
  exported(count: number): void {
    this.#queued -= count;
    this.#exported += count;
  }

  /** Books spans that left the queue and were lost. */
  lose(reason: DropReason, count: number): void {
    this.#queued -= count;
    this.drop(reason, count);
  }

  /** Books spans that never came into the queue. */
  drop(reason: DropReason, count = 1): void {
    this.#dropped[reason] += count;
  }

  /** Books what the sending side has settled. */
  settle({ spans, bytes }: LedgerEntries): void {
    this.exported(spans.exported);
    this.#queued -= spans.rejected;
    this.#rejected += spans.rejected;
    this.lose('non_retryable', spans.non_retryable);
    this.lose('deadline', spans.deadline);
    this.#queuedBytes -= bytes;
  }

  /** Books as lost what the sending side held when it crashed; the rest stays in the queue. */
  crash(restCount: number, restBytes: number): number {
    const lost = this.#queued - restCount;
    this.lose('thread_crashed', lost);
    this.#queuedBytes = restBytes;
    return lost;
  }

  snapshot(): SpanStats {
    return Object.freeze({
      started: this.#started,
      ended: this.#ended,
      exported: this.#exported,
      dropped: Object.freeze({ ...this.#dropped }),
      rejected: this.#rejected,
      unsampled: this.#unsampled,
      queued: this.#queued,
      collapsed: 0,
    });
  }
}
