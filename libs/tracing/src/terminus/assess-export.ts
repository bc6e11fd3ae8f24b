import { spanCount } from '../span-count.js';
import type { TracingStats } from '../tracing.service.js';
import type { ResolvedHealthOptions } from './health-options.js';

type SpanStats = TracingStats['spans'];
type DropReason = keyof SpanStats['dropped'];

/**
 * What a health check tells of the export beside its status.
 *
 * @example
 * ```ts
 * // GET /health
 * // { "status": "error", "error": { "tracing": { "status": "down", "reasons": ["…"], "queued": 812, … } } }
 * ```
 */
export interface TracingHealth {
  /** Why the export is not healthy; missing if it is. */
  readonly reasons?: readonly string[];
  /** Whose SDK exports: of one that is not this package's nothing is known, and nothing is found wrong. */
  readonly sdk: 'own' | 'adopted' | 'none';
  /** Spans that wait for their export, or are on their way. */
  readonly queued: number;
  /** How full the queue is, by spans or by bytes, from 0 to 1. */
  readonly queueFullness: number;
  /** Spans that the collector has accepted. */
  readonly exported: number;
  /** Spans lost since the start, by reason; those that the collector rejected too. */
  readonly dropped: Readonly<Partial<Record<DropReason | 'rejected', number>>>;
  /** Spans lost within the window. */
  readonly droppedOfLate: number;
  /** Milliseconds for which the collector has been away. */
  readonly awayMillis: number;
  /** Milliseconds that the oldest span has waited. */
  readonly lagMillis: number;
  /** The last failure of an export, without credentials, and how many milliseconds ago it was. */
  readonly lastError?: { readonly message: string; readonly agoMillis: number };
}

/** Every lost span, whatever the reason. What a trace had no room for is no fault of the export. */
export function totalLost({ dropped, rejected }: SpanStats): number {
  const { budget: _, ...lost } = dropped;
  return Object.values(lost).reduce((sum, count) => sum + count, rejected);
}

/** Puts together what a check tells, with what is wrong by these options. */
export function assessExport(
  { spans, export: state }: TracingStats,
  droppedOfLate: number,
  options: ResolvedHealthOptions,
): TracingHealth {
  const { sdk, queueFullness, awayMillis, lagMillis, lastError } = state;
  const reasons = faults(state, droppedOfLate, options);
  return {
    ...(reasons.length === 0 ? {} : { reasons }),
    sdk,
    queued: spans.queued,
    queueFullness: Math.round(queueFullness * 1000) / 1000,
    exported: spans.exported,
    dropped: lossesOf(spans),
    droppedOfLate,
    awayMillis,
    lagMillis,
    ...(lastError === undefined ? {} : { lastError }),
  };
}

function faults(
  { awayMillis, queueFullness }: TracingStats['export'],
  droppedOfLate: number,
  { maxAwayMillis, maxQueueFullness, maxDropped, windowMillis }: ResolvedHealthOptions,
): string[] {
  const found: string[] = [];
  if (awayMillis > maxAwayMillis) found.push(`the collector has been away for ${awayMillis} ms`);
  if (queueFullness > maxQueueFullness) {
    found.push(`the queue is full to ${Math.round(queueFullness * 100)} %`);
  }
  if (droppedOfLate > maxDropped) {
    found.push(
      `${spanCount(droppedOfLate)} ${droppedOfLate === 1 ? 'was' : 'were'} lost within ${windowMillis} ms`,
    );
  }
  return found;
}

function lossesOf({ dropped, rejected }: SpanStats): TracingHealth['dropped'] {
  return Object.fromEntries(
    Object.entries({ ...dropped, rejected }).filter(([, count]) => count > 0),
  );
}
