/** The outcomes that a span can have on the sending side. */
export const OUTCOMES = ['exported', 'rejected', 'non_retryable', 'deadline'] as const;

/** One of {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number];

const RELEASED_BYTES = OUTCOMES.length;
const DRAINED = RELEASED_BYTES + 1;
const READY = DRAINED + 1;
const OLDEST = READY + 1;
const FIELDS = OLDEST + 1;

/** Entries that were booked since the last look. */
export interface LedgerEntries {
  readonly spans: Readonly<Record<Outcome, number>>;
  readonly bytes: number;
}

/**
 * The books of the sending side, in shared memory: the exiting thread can read them, and wait for
 * their end, while it runs no events. The counters wrap at 32 bits, so they are read as differences.
 */
export class SharedLedger {
  readonly #fields: Int32Array<SharedArrayBuffer>;
  readonly #seen = new Int32Array(FIELDS);

  constructor(readonly buffer = new SharedArrayBuffer(FIELDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.#fields = new Int32Array(buffer);
  }

  /** Books spans under what became of them. */
  settle(outcome: Outcome, spans: number): void {
    if (spans > 0) Atomics.add(this.#fields, OUTCOMES.indexOf(outcome), spans);
  }

  /** Books memory that is free again. */
  release(bytes: number): void {
    Atomics.add(this.#fields, RELEASED_BYTES, bytes);
  }

  /** Returns what was booked since the last call. */
  collect(): LedgerEntries {
    const spans = {} as Record<Outcome, number>;
    OUTCOMES.forEach((outcome, field) => (spans[outcome] = this.#since(field)));
    return { spans, bytes: this.#since(RELEASED_BYTES) };
  }

  /** Says when the oldest span came that is not settled, as `Date.now()`, or that there is none. */
  markOldest(at: number | undefined): void {
    // 32 bits of it hold 49 days, which is longer than a span waits; 0 is kept for none.
    Atomics.store(this.#fields, OLDEST, at === undefined ? 0 : at | 0 || 1);
  }

  /** Milliseconds that the oldest span has waited, 0 if none does. */
  get lagMillis(): number {
    const at = Atomics.load(this.#fields, OLDEST);
    return at === 0 ? 0 : Math.max(0, (Date.now() - at) | 0);
  }

  /** Says that nothing is left to send, to a thread that may be blocked in {@link waitDrained}. */
  markDrained(): void {
    Atomics.add(this.#fields, DRAINED, 1);
    Atomics.notify(this.#fields, DRAINED);
  }

  /** Blocks this thread until the other has drained so often, or the time is up. */
  waitDrained(drains: number, timeoutMillis: number): void {
    const until = performance.now() + timeoutMillis;
    for (;;) {
      const drained = Atomics.load(this.#fields, DRAINED);
      const left = until - performance.now();
      if (drained >= drains || left <= 0) return;
      Atomics.wait(this.#fields, DRAINED, drained, left);
    }
  }

  /** Says that the sending side listens, to a thread that may be blocked in {@link waitReady}. */
  markReady(): void {
    Atomics.store(this.#fields, READY, 1);
    Atomics.notify(this.#fields, READY);
  }

  /** Whether the sending side listens. */
  get isReady(): boolean {
    return Atomics.load(this.#fields, READY) === 1;
  }

  /** Blocks this thread until the other listens, or the time is up; returns whether it does. */
  waitReady(timeoutMillis: number): boolean {
    return Atomics.wait(this.#fields, READY, 0, timeoutMillis) !== 'timed-out';
  }

  #since(field: number): number {
    const now = Atomics.load(this.#fields, field);
    const difference = (now - (this.#seen[field] ?? 0)) >>> 0;
    this.#seen[field] = now;
    return difference;
  }
}
