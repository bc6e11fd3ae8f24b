/** Why a finished span was not exported. */
export type DropReason = 'queue_full' | 'export_failed' | 'shutdown';

/** Counts since the module started. `started = exported + dropped + queued + open`, for sampled spans. */
export interface SpanStats {
  /** Recording spans opened. */
  readonly started: number;
  /** Of these, the ones that have ended. */
  readonly ended: number;
  /** Accepted by the collector. */
  readonly exported: number;
  /** Lost, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Finished and waiting for their export, or on their way. */
  readonly queued: number;
}

/** Keeps the books of every span between its start and its export. */
export class SpanAccounts {
  #started = 0;
  #ended = 0;
  #exported = 0;
  #queued = 0;
  readonly #dropped: Record<DropReason, number> = { queue_full: 0, export_failed: 0, shutdown: 0 };

  get queued(): number {
    return this.#queued;
  }

  start(): void {
    this.#started += 1;
  }

  end(): void {
    this.#ended += 1;
  }

  enqueue(): void {
    this.#queued += 1;
  }

  /** Spans that left the queue and reached the collector. */
  exported(count: number): void {
    this.#queued -= count;
    this.#exported += count;
  }

  /** Spans that left the queue and were lost. */
  failed(count: number): void {
    this.#queued -= count;
    this.drop('export_failed', count);
  }

  /** Spans that never came into the queue. */
  drop(reason: DropReason, count = 1): void {
    this.#dropped[reason] += count;
  }

  snapshot(): SpanStats {
    return Object.freeze({
      started: this.#started,
      ended: this.#ended,
      exported: this.#exported,
      dropped: Object.freeze({ ...this.#dropped }),
      queued: this.#queued,
    });
  }
}
