import { BYTES_PER_SPAN, MAX_PINNED, MAX_STORED_TRACES } from './limits.js';
import type { Resource } from './share.js';
import type { StoredTrace } from './stored-trace.js';

/** Counts what the store holds, and tells what is short. */
export class Holdings {
  spans = 0;
  logs = 0;
  #bytes = 0;
  #traces = 0;
  readonly #pinned = new Set<StoredTrace>();

  constructor(private readonly maxSpans: number) {}

  /** What one trace may have: never more than what may be let go for it. */
  get maxTraceSpans(): number {
    return Math.max(1, Math.floor(this.maxSpans / 2));
  }

  /** What there is too much of. */
  get short(): Resource | undefined {
    if (this.spans > this.maxSpans) return 'spans';
    if (this.#bytes > this.maxSpans * BYTES_PER_SPAN) return 'bytes';
    return this.#traces > MAX_STORED_TRACES ? 'traces' : undefined;
  }

  open(): void {
    this.#traces += 1;
  }

  remove(trace: StoredTrace): void {
    this.#traces -= 1;
    this.#pinned.delete(trace);
    this.#count(trace, -1);
  }

  /** Makes a change to a trace and counts what it makes of it. */
  change<T>(trace: StoredTrace, change: () => T): T {
    this.#count(trace, -1);
    try {
      return change();
    } finally {
      this.#count(trace, 1);
    }
  }

  /** @returns whether there is room to keep it: half of the store may be pinned. */
  pin(trace: StoredTrace): boolean {
    if (this.#pinned.size >= MAX_PINNED) return false;
    let { spanCount: spans, bytes } = trace;
    for (const each of this.#pinned) {
      spans += each.spanCount;
      bytes += each.bytes;
    }
    const half = this.maxSpans / 2;
    if (spans > half || bytes > half * BYTES_PER_SPAN) return false;
    this.#pinned.add(trace);
    return true;
  }

  unpin(trace: StoredTrace): void {
    this.#pinned.delete(trace);
  }

  #count({ spanCount, logCount, bytes }: StoredTrace, sign: 1 | -1): void {
    this.spans += sign * spanCount;
    this.logs += sign * logCount;
    this.#bytes += sign * bytes;
  }
}
