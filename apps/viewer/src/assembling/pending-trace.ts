import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import type { AssembledTrace, SpanAndLogCount } from './assembled-trace.interface.js';
import { MAX_TRACE_BYTES, MAX_TRACE_LOGS, MAX_TRACE_SPANS } from './store-limits.js';
import { weightOfLog, weightOfSpan } from './weight.js';

/** One trace while it arrives, and afterwards, for what arrives late. Whatever comes costs the same. */
export class PendingTrace {
  readonly #spans = new Map<string, ReceivedSpan>();
  readonly #logs: ReceivedLog[] = [];
  /** Spans that others name and that are not here. */
  readonly #awaited = new Set<string>();
  readonly #dropped = { spans: 0, logs: 0 };
  #hasRoot = false;
  #isWaiting = false;
  #bytes = 0;
  #revision = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly traceId: string) {}

  /** An estimate of the memory it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  get held(): SpanAndLogCount {
    return { spans: this.#spans.size, logs: this.#logs.length };
  }

  /** @returns whether there was room for it. One that is here already is replaced. */
  addSpan(span: ReceivedSpan): boolean {
    this.#isWaiting = true;
    const known = this.#spans.get(span.spanId);
    const weight = weightOfSpan(span) - (known ? weightOfSpan(known) : 0);
    if ((!known && this.#spans.size >= MAX_TRACE_SPANS) || !this.#hasRoomFor(weight)) {
      this.#dropped.spans += 1;
      return false;
    }
    this.#bytes += weight;
    this.#spans.set(span.spanId, span);
    this.#awaited.delete(span.spanId);
    this.#hasRoot ||= !span.parentSpanId || span.parentIsRemote;
    if (!span.parentIsRemote) this.#await(span.parentSpanId);
    return true;
  }

  /** @returns whether there was room for it. */
  addLog(log: ReceivedLog): boolean {
    this.#isWaiting = true;
    const weight = weightOfLog(log);
    if (this.#logs.length >= MAX_TRACE_LOGS || !this.#hasRoomFor(weight)) {
      this.#dropped.logs += 1;
      return false;
    }
    this.#bytes += weight;
    this.#logs.push(log);
    this.#await(log.spanId);
    return true;
  }

  spanNamed(spanId: string): string | undefined {
    return this.#spans.get(spanId)?.name;
  }

  /** The root is here, and so is every parent and every span that a log line names. */
  isComplete(): boolean {
    return this.#hasRoot && this.#awaited.size === 0;
  }

  /** Calls `hand` once nothing has been scheduled for the given time. */
  schedule(millis: number, hand: (trace: AssembledTrace) => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.release(hand), millis);
  }

  /** Calls `hand` now, if anything is waiting to be handed over. */
  release(hand: (trace: AssembledTrace) => void): void {
    clearTimeout(this.#timer);
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    hand({
      traceId: this.traceId,
      spans: [...this.#spans.values()],
      logs: [...this.#logs],
      revision: this.#revision++,
      dropped: { ...this.#dropped },
    });
  }

  #await(spanId: string | undefined): void {
    if (spanId !== undefined && !this.#spans.has(spanId)) this.#awaited.add(spanId);
  }

  #hasRoomFor(weight: number): boolean {
    return this.#bytes + weight <= MAX_TRACE_BYTES;
  }
}
