import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';

/** Everything that arrived for one trace. */
export interface AssembledTrace {
  readonly traceId: string;
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLog[];
  /** How often this trace was handed over before; above 0, something arrived late. */
  readonly revision: number;
  /** What arrived beyond what a trace may hold. */
  readonly dropped: SpanAndLogCount;
}

/** A number of spans and one of log lines. */
export interface SpanAndLogCount {
  readonly spans: number;
  readonly logs: number;
}
