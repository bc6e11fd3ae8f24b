import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import type { ReceivedLog, ReceivedSpan, Telemetry } from '../telemetry.interface.js';
import type { StoreTotals } from '../wire/trace-list.interface.js';
import { Backlinks } from './backlinks.js';
import { BlockedLoops } from './blocked-loops.js';
import { Holdings } from './holdings.js';
import { MAX_STORED_TRACES } from './limits.js';
import { Removals } from './removals.js';
import { Shares } from './shares.js';
import { StoredTrace } from './stored-trace.js';

/** Hears of what changes in the store. */
export interface StoreListener {
  touched(trace: StoredTrace): void;
  removed(traceId: string): void;
}

/**
 * Keeps traces for the page, in bounded memory: spans, traces and bytes. What was touched longest ago
 * goes first, whole, from the service that has most; what is pinned stays.
 */
@Injectable()
export class TraceStore {
  readonly #traces = new Map<string, StoredTrace>();
  readonly #shares = new Shares();
  readonly #backlinks = new Backlinks();

  /** Which event loops were blocked when. */
  readonly blockedLoops = new BlockedLoops();
  readonly #removals = new Removals();
  readonly #listeners = new Set<StoreListener>();
  readonly #evicted = { traces: 0, spans: 0 };
  readonly #dropped = { spans: 0, logs: 0 };
  readonly #held: Holdings;
  #revision = 0;

  /** Tells the revisions of this process from those of another. */
  readonly session = randomUUID();

  constructor(@Inject(VIEWER_OPTIONS) private readonly options: Pick<ViewerOptions, 'maxSpans'>) {
    this.#held = new Holdings(options.maxSpans);
  }

  /** Rises with whatever changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Every trace, in the order in which they came. */
  get traces(): Iterable<StoredTrace> {
    return this.#traces.values();
  }

  get totals(): Omit<StoreTotals, 'refused'> {
    const { spans, logs } = this.#held;
    return {
      traces: this.#traces.size,
      spans,
      logs,
      services: this.#shares.size,
      maxTraces: MAX_STORED_TRACES,
      maxSpans: this.options.maxSpans,
      evicted: { ...this.#evicted },
      dropped: { ...this.#dropped },
    };
  }

  trace(traceId: string): StoredTrace | undefined {
    return this.#traces.get(traceId);
  }

  /** The spans elsewhere that link to a trace. */
  linksTo(traceId: string) {
    return this.#backlinks.to(traceId);
  }

  /** Takes in what was received. */
  add({ spans = [], logs = [] }: Telemetry): void {
    const touched = new Set<StoredTrace>();
    for (const span of spans) touched.add(this.#addSpan(span));
    for (const log of logs) if (log.traceId) touched.add(this.#addLog(log, log.traceId));
    for (const trace of touched) if (this.#traces.get(trace.traceId) === trace) this.touch(trace);
  }

  /** Says that a trace has changed. */
  touch(trace: StoredTrace): void {
    trace.revision = ++this.#revision;
    trace.firstRevision ||= trace.revision;
    for (const listener of this.#listeners) listener.touched(trace);
  }

  /** Keeps a trace, or lets it go as any other. @returns whether there was room to keep it. */
  pin(trace: StoredTrace, isPinned: boolean): boolean {
    if (trace.isPinned === isPinned) return true;
    if (isPinned && !this.#held.pin(trace)) return false;
    if (!isPinned) this.#held.unpin(trace);
    trace.isPinned = isPinned;
    this.touch(trace);
    return true;
  }

  /** Forgets a span whose end never came, and a trace of nothing else. */
  forgetOpen(traceId: string, spanId: string): void {
    const trace = this.#traces.get(traceId);
    if (!trace || !this.#held.change(trace, () => trace.forgetOpen(spanId))) return;
    if (trace.spanCount + trace.logCount === 0) return this.remove(trace);
    this.#shares.touch(trace);
    this.touch(trace);
  }

  /** Removes a trace, as if it had never come. */
  remove(trace: StoredTrace): void {
    if (!this.#traces.delete(trace.traceId)) return;
    this.#shares.remove(trace);
    this.#backlinks.remove(trace);
    this.#held.remove(trace);
    this.#removals.add(trace.traceId, ++this.#revision);
    for (const listener of this.#listeners) listener.removed(trace.traceId);
  }

  /** The traces that were removed after a revision; `undefined` if that is too long ago to tell. */
  removedSince(revision: number): readonly string[] | undefined {
    return this.#removals.since(revision);
  }

  /** @returns what ends it. */
  listen(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #addSpan(span: ReceivedSpan): StoredTrace {
    const trace = this.#open(span.traceId);
    return this.#grow(trace, () => {
      if (trace.addSpan(span, this.#held.maxTraceSpans)) this.#note(trace, span);
      else this.#dropped.spans += 1;
    });
  }

  #note(trace: StoredTrace, span: ReceivedSpan): void {
    this.#backlinks.add(trace, span);
    this.blockedLoops.add(span);
  }

  #addLog(log: ReceivedLog, traceId: string): StoredTrace {
    const trace = this.#open(traceId);
    return this.#grow(trace, () => {
      if (!trace.addLog(log)) this.#dropped.logs += 1;
    });
  }

  #open(traceId: string): StoredTrace {
    const known = this.#traces.get(traceId);
    if (known) return known;
    const opened = new StoredTrace(traceId);
    this.#traces.set(traceId, opened);
    this.#held.open();
    return opened;
  }

  #grow(trace: StoredTrace, change: () => void): StoredTrace {
    this.#held.change(trace, change);
    trace.touchedMillis = Date.now();
    this.#shares.touch(trace);
    this.#makeRoom(trace);
    return trace;
  }

  /** Lets traces go until the rest fits; never the one that is just growing. */
  #makeRoom(growing: StoredTrace): void {
    for (let { short } = this.#held; short; { short } = this.#held) {
      const victim = this.#shares.victim(short, growing);
      if (!victim) return;
      this.#evicted.traces += 1;
      this.#evicted.spans += victim.spanCount;
      this.remove(victim);
    }
  }
}
