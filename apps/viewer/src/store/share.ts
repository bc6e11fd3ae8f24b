import type { StoredTrace } from './stored-trace.js';

/** What can become short in the store. */
export type Resource = 'spans' | 'bytes' | 'traces';

/** What one service has in the store, the trace that was touched longest ago first. */
export class Share {
  /** Each with what it was counted as. */
  readonly #traces = new Map<StoredTrace, { readonly spans: number; readonly bytes: number }>();
  spans = 0;
  bytes = 0;

  get traces(): number {
    return this.#traces.size;
  }

  /** Takes a trace in, or counts it anew after something came for it. */
  touch(trace: StoredTrace): void {
    this.remove(trace);
    const counted = { spans: trace.spanCount, bytes: trace.bytes };
    this.spans += counted.spans;
    this.bytes += counted.bytes;
    this.#traces.set(trace, counted);
  }

  remove(trace: StoredTrace): void {
    const counted = this.#traces.get(trace);
    if (!counted) return;
    this.#traces.delete(trace);
    this.spans -= counted.spans;
    this.bytes -= counted.bytes;
  }

  /** The trace to let go: at most as many looks as there are pinned traces, and one. */
  oldest(spared: StoredTrace): StoredTrace | undefined {
    for (const trace of this.#traces.keys()) {
      if (!trace.isPinned && trace !== spared) return trace;
    }
    return undefined;
  }
}
