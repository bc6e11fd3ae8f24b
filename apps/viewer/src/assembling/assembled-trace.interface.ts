import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';

/** Everything that arrived for one trace. */
export interface AssembledTrace {
  readonly traceId: string;
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLog[];
  /** How often this trace was handed over before; above 0, something arrived late. */
  readonly revision: number;
}
