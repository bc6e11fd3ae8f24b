import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Subject } from 'rxjs';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import type { ReceivedLog, ReceivedSpan, Telemetry } from '../telemetry.interface.js';
import type { AssembledTrace, SpanAndLogCount } from './assembled-trace.interface.js';
import { PendingTrace } from './pending-trace.js';
import { MAX_HELD_BYTES, MAX_TRACES } from './store-limits.js';

/**
 * Puts spans and log lines together into traces.
 *
 * A trace is handed over once it is complete and nothing came for `quietMillis`; one that lacks a
 * span after `rootlessMillis`, as it is; and again, whole, whenever something arrives late. The
 * memory of one trace and of all is bounded: what is dropped is counted, here and in the trace.
 */
@Injectable()
export class TraceAssembler implements OnApplicationShutdown {
  readonly #traces = new Map<string, PendingTrace>();
  readonly #finished = new Subject<AssembledTrace>();
  readonly #dropped = { spans: 0, logs: 0 };
  #heldBytes = 0;
  readonly #untraced = new Subject<ReceivedLog>();

  /** Every trace as it is handed over. */
  readonly finished = this.#finished.asObservable();
  /** Every log line that belongs to no trace, at once. */
  readonly untraced = this.#untraced.asObservable();

  constructor(
    @Inject(VIEWER_OPTIONS)
    private readonly options: Pick<ViewerOptions, 'quietMillis' | 'rootlessMillis'>,
  ) {}

  /** Takes in what a receiver received. */
  add({ spans = [], logs = [] }: Telemetry): void {
    const touched = new Set<PendingTrace>();
    const touch = (trace: PendingTrace) => {
      touched.add(trace);
      // At once, not at the end: a request may bring a hundred thousand traces.
      while (this.#isFull()) touched.delete(this.#forgetOldest());
    };
    for (const span of spans) touch(this.#addSpan(span));
    for (const log of logs) {
      if (log.traceId) touch(this.#addLog(log, log.traceId));
      else this.#untraced.next(log);
    }
    for (const trace of touched) this.#schedule(trace);
  }

  /** What arrived beyond what the traces may hold. */
  get dropped(): SpanAndLogCount {
    return { ...this.#dropped };
  }

  /** What is in memory now. */
  get held(): SpanAndLogCount & { readonly traces: number } {
    const held = { traces: this.#traces.size, spans: 0, logs: 0 };
    for (const trace of this.#traces.values()) {
      held.spans += trace.held.spans;
      held.logs += trace.held.logs;
    }
    return held;
  }

  /** The name of a span that arrived lately, for links. */
  spanName(traceId: string, spanId: string): string | undefined {
    return this.#traces.get(traceId)?.spanNamed(spanId);
  }

  /** Hands over everything that still waits. */
  flush(): void {
    for (const trace of this.#traces.values()) trace.release((whole) => this.#finished.next(whole));
  }

  onApplicationShutdown(): void {
    this.flush();
    this.#finished.complete();
    this.#untraced.complete();
  }

  #schedule(trace: PendingTrace): void {
    const { quietMillis, rootlessMillis } = this.options;
    const millis = trace.isComplete() ? quietMillis : rootlessMillis;
    trace.schedule(millis, (whole) => this.#finished.next(whole));
  }

  #addSpan(span: ReceivedSpan): PendingTrace {
    const trace = this.#trace(span.traceId);
    const before = trace.bytes;
    if (!trace.addSpan(span)) this.#dropped.spans += 1;
    this.#heldBytes += trace.bytes - before;
    return trace;
  }

  #addLog(log: ReceivedLog, traceId: string): PendingTrace {
    const trace = this.#trace(traceId);
    const before = trace.bytes;
    if (!trace.addLog(log)) this.#dropped.logs += 1;
    this.#heldBytes += trace.bytes - before;
    return trace;
  }

  #trace(traceId: string): PendingTrace {
    const known = this.#traces.get(traceId);
    if (known) return known;
    const trace = new PendingTrace(traceId);
    this.#traces.set(traceId, trace);
    return trace;
  }

  #isFull(): boolean {
    return this.#traces.size > MAX_TRACES || this.#heldBytes > MAX_HELD_BYTES;
  }

  /** Only ever called while there is one: what is full is not empty. */
  #forgetOldest(): PendingTrace {
    const oldest = this.#traces.values().next().value!;
    oldest.release((whole) => this.#finished.next(whole));
    this.#traces.delete(oldest.traceId);
    this.#heldBytes -= oldest.bytes;
    return oldest;
  }
}
