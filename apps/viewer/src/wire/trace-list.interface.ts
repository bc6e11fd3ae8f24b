/** Bits of {@link TraceRows.flags}. */
export const TRACE_FLAG = {
  /** Something is still to come: no root yet, a span that is running, or something arrived just now. */
  running: 1,
  pinned: 2,
  error: 4,
  /** Two services tell times that cannot both be right. */
  skewed: 8,
  /** Log lines alone, no span yet. */
  logsOnly: 16,
  /** Spans of it are missing: parents that others name, or what was beyond a limit. */
  incomplete: 32,
} as const;

/**
 * Traces as columns of one length; a text is an index into `strings`. Ordered by the revision of
 * the store at which each was touched last, oldest first, unless the request asked for an order.
 */
export interface TraceRows {
  readonly strings: readonly string[];
  /** 32 hex digits each. */
  readonly id: readonly string[];
  /** Revision of the store when something of the trace came last. */
  readonly revision: readonly number[];
  /** Milliseconds since the epoch, with a fraction. */
  readonly start: readonly number[];
  /** Microseconds. */
  readonly duration: readonly number[];
  /** Name of the root span, or of the first span while there is none. */
  readonly name: readonly number[];
  /** By what traces are grouped: method and route, else the name. */
  readonly route: readonly number[];
  /** What tells it from others of its route: the path that was asked for, else an attribute; may be empty. */
  readonly hint: readonly number[];
  readonly service: readonly number[];
  /** Of the root: `SERVER`, `INTERNAL`, … */
  readonly kind: readonly number[];
  readonly spans: readonly number[];
  readonly errors: readonly number[];
  readonly logs: readonly number[];
  readonly services: readonly number[];
  /** {@link TRACE_FLAG}. */
  readonly flags: readonly number[];
  /** Badges, 0 for none. How often the most repeated statement under one parent came (from 5). */
  readonly repeated: readonly number[];
  /** The same of calls that are no statements of a database. */
  readonly repeatedCalls: readonly number[];
  /** Milliseconds for which the event loop was blocked. */
  readonly blocked: readonly number[];
  readonly cancelled: readonly number[];
  /** Detached children that were started. */
  readonly detached: readonly number[];
  /** Spans and log lines that were beyond a limit, here or at the sender. */
  readonly lost: readonly number[];
  /** Spans that the budget of their sender had no room for: no loss. */
  readonly leftOut: readonly number[];
  /** Parents that others name and that never arrived. */
  readonly missing: readonly number[];
}

/** What the store holds and what it had to let go. */
export interface StoreTotals {
  readonly traces: number;
  readonly spans: number;
  readonly logs: number;
  readonly services: number;
  readonly maxTraces: number;
  readonly maxSpans: number;
  /** Since the start. */
  readonly evicted: { readonly traces: number; readonly spans: number };
  readonly dropped: { readonly spans: number; readonly logs: number };
  readonly refused: number;
}

/** `GET /api/traces`. */
export interface TraceList extends TraceRows {
  /** The process that answers: another one has other revisions. */
  readonly session: string;
  /** Give it to `GET /api/live?after=` to hear of everything since. */
  readonly at: number;
  /** How many matched; `id` may hold fewer. */
  readonly matched: number;
  readonly totals: StoreTotals;
}

/** Event `traces` of `GET /api/live`: rows that are new or changed, whole. */
export interface LiveRows extends TraceRows {
  readonly at: number;
  /** Ids of traces that left the store, or do not match the search any more. */
  readonly gone: readonly string[];
  readonly totals: StoreTotals;
}

/** Event `reset` of `GET /api/live`: read `GET /api/traces` again, then go on from its `at`. */
export interface LiveReset {
  readonly session: string;
  readonly reason: 'restarted' | 'behind';
}
