import type { BlockedBand } from './blocked-band.interface.js';
import type { Problem } from './problem.interface.js';
import type {
  CallColumns,
  EventColumns,
  LinkColumns,
  LogColumns,
  PathColumns,
  SpanColumns,
} from './trace-columns.interface.js';

/** A service of the trace and what is known of its clock. */
export interface TraceService {
  readonly name: string;
  readonly spans: number;
  /** Microseconds by which its times were moved so that no call starts before it was made; 0 mostly. */
  readonly skew: number;
}

/** `GET /api/traces/:id`. */
export interface TraceDetail {
  readonly traceId: string;
  readonly revision: number;
  /** Milliseconds since the epoch, with a fraction. */
  readonly start: number;
  /** Microseconds from the first start to the last end. */
  readonly duration: number;
  readonly isRunning: boolean;
  readonly isPinned: boolean;
  readonly name: string;
  readonly route: string;
  readonly dropped: { readonly spans: number; readonly logs: number };
  readonly strings: readonly string[];
  readonly services: readonly TraceService[];
  readonly spans: SpanColumns;
  readonly calls: CallColumns;
  readonly links: LinkColumns;
  readonly events: EventColumns;
  readonly logs: LogColumns;
  /** Of the longest root. */
  readonly path: PathColumns;
  /** Why there is no critical path, if there is none. */
  readonly pathFailure?: string;
  readonly blocked: readonly BlockedBand[];
  /** The most telling first; at most 100. */
  readonly problems: readonly Problem[];
}
