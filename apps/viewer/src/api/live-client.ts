import type { ServerResponse } from 'node:http';
import { traceRows } from '../detail/trace-rows.js';
import type { Search } from '../search/read-search.js';
import type { StoreListener, TraceStore } from '../store/trace-store.js';
import type { StoredTrace } from '../store/stored-trace.js';
import type { LiveReset, LiveRows, StoreTotals } from '../wire/trace-list.interface.js';

/** Rows of one batch. */
const MAX_ROWS = 500;
/** What may wait for a reader; beyond it, it gets the newest state once it has read. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** How long one batch may be looked for. */
const SLICE_MILLIS = 10;

/** What a client is told with each batch. */
interface LiveState {
  readonly totals: StoreTotals;
  isRunning(trace: StoredTrace): boolean;
}

/** One page that listens. It holds which traces have changed, never what it has to say of them. */
export class LiveClient implements StoreListener {
  /** By id, the one that changed longest ago first. */
  readonly #changed = new Map<string, StoredTrace>();
  readonly #gone = new Set<string>();
  /** What the page shows of what came since it listens. */
  readonly #shown = new Set<string>();

  constructor(
    private readonly response: ServerResponse,
    private readonly search: Search,
    private readonly store: TraceStore,
    /** What the page knew when it began to listen. */
    private readonly after: number,
  ) {}

  get hasNews(): boolean {
    return this.#changed.size + this.#gone.size > 0;
  }

  touched(trace: StoredTrace): void {
    this.#changed.delete(trace.traceId);
    this.#changed.set(trace.traceId, trace);
    this.#gone.delete(trace.traceId);
  }

  removed(traceId: string): void {
    this.#changed.delete(traceId);
    this.#shown.delete(traceId);
    this.#gone.add(traceId);
  }

  /** Sends what has changed, if the page has read what was sent before. */
  send({ totals, isRunning }: LiveState): void {
    if (!this.hasNews || this.response.writableLength > MAX_UNREAD_BYTES) return;
    const rows = this.#takeRows(isRunning);
    const gone = [...this.#gone];
    this.#gone.clear();
    const at = this.#at(rows.last);
    if (rows.matching.length + gone.length === 0) return;
    const data: LiveRows = { ...traceRows(rows.matching, isRunning), at, gone, totals };
    this.#event('traces', data, at);
  }

  /** Tells the page to read everything again. */
  reset(reason: LiveReset['reason']): void {
    const { session, revision } = this.store;
    this.#event('reset', { session, reason } satisfies LiveReset, revision);
  }

  /** Keeps the connection from looking dead. */
  beat(): void {
    if (this.response.writableLength < MAX_UNREAD_BYTES) this.response.write(': still here\n\n');
  }

  #takeRows(isRunning: LiveState['isRunning']) {
    const matching: StoredTrace[] = [];
    const end = performance.now() + SLICE_MILLIS;
    let last: StoredTrace | undefined;
    for (const trace of this.#changed.values()) {
      if (matching.length >= MAX_ROWS || performance.now() > end) break;
      this.#changed.delete(trace.traceId);
      last = trace;
      if (this.search.isEmpty || this.search.matches(trace, isRunning(trace))) {
        if (!this.search.isEmpty) this.#shown.add(trace.traceId);
        matching.push(trace);
      } else if (trace.firstRevision <= this.after || this.#shown.delete(trace.traceId)) {
        this.#gone.add(trace.traceId);
      }
    }
    return { matching, last };
  }

  /** What the page knows after this batch: everything, or up to the last row of it. */
  #at(last: StoredTrace | undefined): number {
    return this.#changed.size === 0 || !last ? this.store.revision : last.revision;
  }

  #event(name: string, data: object, at: number): void {
    const id = `${this.store.session}/${at}`;
    this.response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
