import { arrange } from '../analysis/span-table.js';
import type { SpanAndLogCount } from '../assembling/assembled-trace.interface.js';
import { MAX_TRACE_BYTES, MAX_TRACE_LOGS, MAX_TRACE_SPANS } from '../assembling/store-limits.js';
import { weightOfLog, weightOfSpan } from '../assembling/weight.js';
import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import { PENDING_MILLIS } from './limits.js';
import { AwaitedParents } from './awaited-parents.js';
import { PerRevision } from './per-revision.js';
import { collapsedRepeatsOf, repeatsOf, type Repeats } from './repeats.js';
import { StoredSpans } from './stored-spans.js';
import { TraceFacts } from './trace-facts.js';

/** One trace of the store: live from its first span on, and open to late ones for as long as it is here. */
export class StoredTrace {
  readonly #spans = new StoredSpans();
  readonly #logs: ReceivedLog[] = [];
  readonly #awaited = new AwaitedParents(this.#spans);
  readonly #dropped = { spans: 0, logs: 0 };
  #facts = new TraceFacts();
  #isStale = false;
  #bytes = 0;
  readonly #repeats = new PerRevision<Repeats>();
  readonly #skewed = new PerRevision<boolean>();
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

  get spans(): Iterable<ReceivedSpan> {
    return this.#spans;
  }

  get logs(): readonly ReceivedLog[] {
    return this.#logs;
  }

  get dropped(): SpanAndLogCount {
    return this.#dropped;
  }

  /** How many parents are named that are not here. */
  get missing(): number {
    return this.#awaited.size;
  }

  /** What is known of it in short. */
  get facts(): TraceFacts {
    if (this.#isStale) {
      this.#facts = new TraceFacts();
      for (const span of this.#spans) this.#facts.add(span);
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
    const { facts } = this;
    if (facts.collapsed === 0) return repeatsOf(facts);
    return this.#repeats.get(this.revision, () => collapsedRepeatsOf(facts, this.#spans));
  }

  /** Two services tell times that cannot both be right. */
  get isSkewed(): boolean {
    if (this.facts.services.size < 2) return false;
    return this.#skewed.get(this.revision, () =>
      arrange(this.#spans).offsets.some((offset) => offset !== 0),
    );
  }

  span(spanId: string, copy = 0): ReceivedSpan | undefined {
    return this.#spans.get(spanId, copy);
  }

  /** @returns whether there was room for it. */
  addSpan(span: ReceivedSpan, maxSpans: number): boolean {
    const place = this.#spans.placeOf(span);
    const known = place?.known;
    if (known && span.isPending && !known.isPending) return true;
    const weight = weightOfSpan(span) - (known ? weightOfSpan(known) : 0);
    const isFull = !known && this.#spans.size >= Math.min(maxSpans, MAX_TRACE_SPANS);
    if (!place || isFull || this.#bytes + weight > MAX_TRACE_BYTES) {
      this.#dropped.spans += 1;
      return false;
    }
    this.#bytes += weight;
    this.#spans.put(place, span);
    this.#awaited.arrived(span);
    if (known) this.#isStale = true;
    else if (!this.#isStale) this.#facts.add(span);
    return true;
  }

  /** Forgets a span whose end never came. @returns whether there was one. */
  forgetOpen(spanId: string): boolean {
    const span = this.#spans.get(spanId);
    if (!span?.isPending) return false;
    this.#spans.delete(spanId);
    this.#bytes -= weightOfSpan(span);
    this.#isStale = true;
    this.#awaited.hasGone();
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
}
