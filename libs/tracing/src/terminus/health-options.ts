import type * as z from 'zod';
import { duration, limitOrNone, oneOf, share } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import { readOptions } from '../validation/read-options.js';

/**
 * From when on the export is not healthy.
 *
 * @example
 * ```ts
 * this.tracing.check('tracing', { maxAwayMillis: 30_000, whenFailing: 'degraded' });
 * ```
 */
export interface TracingHealthOptions {
  /** Milliseconds for which the collector may be away. Default: 60000. */
  maxAwayMillis?: number;
  /** How full the queue may be, by spans or by bytes, from 0 to 1. Default: 0.9. */
  maxQueueFullness?: number;
  /** Spans that may be lost, whatever the reason, within `windowMillis`. Default: 0. */
  maxDropped?: number;
  /**
   * Milliseconds for which lost spans count; at least from the check before this one on. Default:
   * 60000.
   */
  windowMillis?: number;
  /**
   * What an export that is not healthy makes of the check: `degraded`, of terminus 12, keeps the
   * response at HTTP 200. Default: `down`.
   */
  whenFailing?: 'down' | 'degraded';
}

export const healthSchema = optionSchema<TracingHealthOptions>()({
  maxAwayMillis: duration.default(60_000),
  maxQueueFullness: share.default(0.9),
  maxDropped: limitOrNone.default(0),
  windowMillis: duration.default(60_000),
  whenFailing: oneOf('down', 'degraded').default('down'),
});

/** The options with every default filled in. */
export type ResolvedHealthOptions = z.output<typeof healthSchema>;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveHealthOptions(options: TracingHealthOptions): ResolvedHealthOptions {
  return readOptions(healthSchema, options);
}
