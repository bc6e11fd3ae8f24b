import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Subject } from 'rxjs';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import type { ReceivedLog, Telemetry } from '../telemetry.interface.js';
import type { AssembledTrace } from './assembled-trace.interface.js';
import { PendingTrace } from './pending-trace.js';

const RETAINED_TRACES = 1_000;

/**
 * Puts spans and log lines together into traces.
 *
 * A trace is handed over once it is complete and nothing came for `quietMillis`; one that lacks a
 * span after `rootlessMillis`, as it is; and again, whole, whenever something arrives late.
 */
@Injectable()
export class TraceAssembler implements OnApplicationShutdown {
  readonly #traces = new Map<string, PendingTrace>();
  readonly #finished = new Subject<AssembledTrace>();
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
    for (const span of spans) touched.add(this.#trace(span.traceId).addSpan(span));
    for (const log of logs) {
      if (log.traceId) touched.add(this.#trace(log.traceId).addLog(log));
      else this.#untraced.next(log);
    }
    for (const trace of touched) this.#schedule(trace);
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

  #trace(traceId: string): PendingTrace {
    const known = this.#traces.get(traceId);
    if (known) return known;
    const trace = new PendingTrace(traceId);
    this.#traces.set(traceId, trace);
    if (this.#traces.size > RETAINED_TRACES) this.#forgetOldest();
    return trace;
  }

  #forgetOldest(): void {
    const [oldest] = this.#traces.values();
    oldest?.release((whole) => this.#finished.next(whole));
    if (oldest) this.#traces.delete(oldest.traceId);
  }
}
