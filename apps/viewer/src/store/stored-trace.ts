import { arrange } from '../analysis/span-table.js';
import type { SpanAndLogCount } from '../assembling/assembled-trace.interface.js';
import { MAX_TRACE_BYTES, MAX_TRACE_LOGS, MAX_TRACE_SPANS } from '../assembling/store-limits.js';
import { weightOfLog, weightOfSpan } from '../assembling/weight.js';
import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import { PENDING_MILLIS } from './limits.js';
import { collapsedCalls } from './collapsed-calls.js';
import { isQuery } from './statement.js';
import { TraceFacts } from './trace-facts.js';

/** How often something came again under one parent; 0 for what did not. */
export interface Repeats {
  readonly statements: number;
  readonly calls: number;
}

/** One trace of the store: live from its first span on, and open to late ones for as long as it is here. */
export class StoredTrace {
  /** By span id; a second, different span of the same id under a key of its own. */
  readonly #spans = new Map<string, ReceivedSpan>();
  readonly #logs: ReceivedLog[] = [];
  /** Parents that others name and that are not here. */
  readonly #awaited = new Set<string>();
  #isAwaitedStale = false;
  readonly #dropped = { spans: 0, logs: 0 };
  #facts = new TraceFacts();
  #isStale = false;
  #bytes = 0;
  #repeats: (Repeats & { readonly revision: number }) | undefined;
  #skewed: { readonly revision: number; readonly isSkewed: boolean } | undefined;
  /** When something came last. */
  touchedMillis = 0;
  /** The revision of the store at that time. */
  revision = 0;
  /** The revision at which its first part came. */
  firstRevision = 0;
  isPinned = false;

  constructor(readonly traceId: string) {}

  get bytes(): number {
    return this.#bytes;
  }

  get spanCount(): number {
    return this.#spans.size;
  }

  get logCount(): number {
    return this.#logs.length;
  }

  /** As often as one likes: an iterator of a map can be walked once. */
  get spans(): Iterable<ReceivedSpan> {
    return { [Symbol.iterator]: () => this.#spans.values() };
  }

  get logs(): readonly ReceivedLog[] {
    return this.#logs;
  }

  get dropped(): SpanAndLogCount {
    return this.#dropped;
  }

  /** How many parents are named that are not here. */
  get missing(): number {
    if (this.#isAwaitedStale) {
      this.#isAwaitedStale = false;
      this.#awaited.clear();
      for (const span of this.#spans.values()) this.#awaitParent(span);
    }
    return this.#awaited.size;
  }

  /** What is known of it in short. */
  get facts(): TraceFacts {
    if (this.#isStale) {
      this.#facts = new TraceFacts();
      for (const span of this.#spans.values()) this.#facts.add(span);
      this.#isStale = false;
    }
    return this.#facts;
  }

  /** The root is here, and every parent that is named, and all of them have ended. */
  get isComplete(): boolean {
    const { root, pending } = this.facts;
    return root !== undefined && pending === 0 && this.missing === 0;
  }

  /** Something is still to come: no more than `patience` ago there was something, and it is not whole. */
  isRunning(patienceMillis: number, now = Date.now()): boolean {
    if (this.isComplete || this.#spans.size === 0) return false;
    const patience = this.facts.pending > 0 ? PENDING_MILLIS : patienceMillis;
    return now - this.touchedMillis < patience;
  }

  /** How often what repeats most under one parent came: collapsed calls with those that have spans. */
  get repeats(): Repeats {
    const { repeated: statements, repeatedCalls: calls, collapsed } = this.facts;
    if (collapsed === 0) return { statements, calls };
    if (this.#repeats?.revision !== this.revision) {
      const found = { statements, calls, revision: this.revision };
      for (const { first, times } of collapsedCalls([...this.spans])) {
        const what = isQuery(first) ? 'statements' : 'calls';
        found[what] = Math.max(found[what], times);
      }
      this.#repeats = found;
    }
    return this.#repeats;
  }

  /** Two services tell times that cannot both be right. */
  get isSkewed(): boolean {
    if (this.facts.services.size < 2) return false;
    if (this.#skewed?.revision !== this.revision) {
      const isSkewed = arrange(this.spans).offsets.some((offset) => offset !== 0);
      this.#skewed = { revision: this.revision, isSkewed };
    }
    return this.#skewed.isSkewed;
  }

  span(spanId: string, copy = 0): ReceivedSpan | undefined {
    return this.#spans.get(copy === 0 ? spanId : `${spanId}/${copy}`);
  }

  /** @returns whether there was room for it. */
  addSpan(span: ReceivedSpan, maxSpans: number): boolean {
    const key = this.#keyOf(span);
    const known = key === undefined ? undefined : this.#spans.get(key);
    if (known && span.isPending && !known.isPending) return true;
    const weight = weightOfSpan(span) - (known ? weightOfSpan(known) : 0);
    const isFull = !known && this.#spans.size >= Math.min(maxSpans, MAX_TRACE_SPANS);
    if (key === undefined || isFull || this.#bytes + weight > MAX_TRACE_BYTES) {
      this.#dropped.spans += 1;
      return false;
    }
    this.#bytes += weight;
    this.#spans.set(key, span);
    this.#awaited.delete(span.spanId);
    if (known) this.#isStale = true;
    else if (!this.#isStale) this.#facts.add(span);
    this.#awaitParent(span);
    return true;
  }

  /** Forgets a span whose end never came. @returns whether there was one. */
  forgetOpen(spanId: string): boolean {
    const span = this.#spans.get(spanId);
    if (!span?.isPending) return false;
    this.#spans.delete(spanId);
    this.#bytes -= weightOfSpan(span);
    this.#isStale = true;
    this.#isAwaitedStale = true;
    return true;
  }

  /** @returns whether there was room for it. */
  addLog(log: ReceivedLog): boolean {
    const weight = weightOfLog(log);
    if (this.#logs.length >= MAX_TRACE_LOGS || this.#bytes + weight > MAX_TRACE_BYTES) {
      this.#dropped.logs += 1;
      return false;
    }
    this.#bytes += weight;
    this.#logs.push(log);
    return true;
  }

  #awaitParent({ parentSpanId, parentIsRemote }: ReceivedSpan): void {
    if (parentSpanId === undefined || parentIsRemote || this.#spans.has(parentSpanId)) return;
    this.#awaited.add(parentSpanId);
  }

  /**
   * Where a span goes: in the place of the same span, should it come again, else in one of its own,
   * should another have its id. Beyond a few of one id there is none.
   */
  #keyOf(span: ReceivedSpan): string | undefined {
    for (let copy = 0; copy < MAX_COPIES; copy++) {
      const key = copy === 0 ? span.spanId : `${span.spanId}/${copy}`;
      const known = this.#spans.get(key);
      if (!known || isSameSpan(known, span)) return key;
    }
    return undefined;
  }
}

/** Spans of one id that are told apart. */
const MAX_COPIES = 8;

/** A span that is sent again, or whose end is known now. */
function isSameSpan(known: ReceivedSpan, span: ReceivedSpan): boolean {
  if (known.isPending || span.isPending) return true;
  return (
    known.startNanos === span.startNanos &&
    known.kind === span.kind &&
    known.service === span.service &&
    known.name === span.name
  );
}
