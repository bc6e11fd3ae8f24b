import { z } from 'zod';
import { TracingConfigurationError } from '../options/configuration.error.js';

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
  /** Milliseconds for which lost spans count; at least from the check before this one on. Default: 60000. */
  windowMillis?: number;
  /** What an export that is not healthy makes of the check: `degraded`, of terminus 12, keeps the answer at HTTP 200. Default: `down`. */
  whenFailing?: 'down' | 'degraded';
}

/** The options with every default filled in. */
export type ResolvedHealthOptions = Readonly<Required<TracingHealthOptions>>;

const amount = (cure: string) => z.number(cure).nonnegative(cure);

const schema = z.strictObject({
  maxAwayMillis: amount('write a number of milliseconds, 0 or more').default(60_000),
  maxQueueFullness: amount('write a number from 0 to 1')
    .max(1, 'write a number from 0 to 1')
    .default(0.9),
  maxDropped: amount('write a number of spans, 0 or more').default(0),
  windowMillis: amount('write a number of milliseconds, 0 or more').default(60_000),
  whenFailing: z.enum(['down', 'degraded'], 'write "down" or "degraded"').default('down'),
});

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TracingConfigurationError naming the first wrong option
 */
export function resolveHealthOptions(options: TracingHealthOptions): ResolvedHealthOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  const cure =
    issue?.code === 'unrecognized_keys'
      ? `there is no such option; known are ${Object.keys(schema.shape).join(', ')}`
      : issue?.message;
  throw new TracingConfigurationError(name || 'options', cure ?? 'cannot be used');
}
