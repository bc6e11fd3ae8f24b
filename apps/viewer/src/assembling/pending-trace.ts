import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import type { AssembledTrace } from './assembled-trace.interface.js';

/** One trace while it arrives, and afterwards, for what arrives late. */
export class PendingTrace {
  readonly #spans = new Map<string, ReceivedSpan>();
  readonly #logs: ReceivedLog[] = [];
  #revision = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly traceId: string) {}

  addSpan(span: ReceivedSpan): this {
    this.#spans.set(span.spanId, span);
    return this;
  }

  addLog(log: ReceivedLog): this {
    this.#logs.push(log);
    return this;
  }

  spanNamed(spanId: string): string | undefined {
    return this.#spans.get(spanId)?.name;
  }

  /** The root is here, and so is every parent and every span that a log line names. */
  isComplete(): boolean {
    const spans = [...this.#spans.values()];
    const isHere = (spanId: string | undefined) => !spanId || this.#spans.has(spanId);
    return (
      spans.some((span) => !span.parentSpanId || span.parentIsRemote) &&
      spans.every((span) => span.parentIsRemote || isHere(span.parentSpanId)) &&
      this.#logs.every((log) => isHere(log.spanId))
    );
  }

  /** Calls `hand` once nothing has been scheduled for the given time. */
  schedule(millis: number, hand: (trace: AssembledTrace) => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.release(hand), millis);
  }

  /** Calls `hand` now, if anything is waiting to be handed over. */
  release(hand: (trace: AssembledTrace) => void): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    hand({
      traceId: this.traceId,
      spans: [...this.#spans.values()],
      logs: [...this.#logs],
      revision: this.#revision++,
    });
  }
}
