import type { SpanContext, TraceState } from '@opentelemetry/api';

/** The span of a caller as its headers tell it. Whoever has read them knows that the ids are valid. */
export class CallerContext implements SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  isRemote = true;
  declare readonly traceState?: TraceState;

  constructor(traceId: string, spanId: string, flags: number, traceState: TraceState | undefined) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.traceFlags = flags;
    if (traceState !== undefined) this.traceState = traceState;
  }
}
