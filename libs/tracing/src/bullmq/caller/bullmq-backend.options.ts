import type * as z from 'zod';
import { duration, millis, positiveCount } from '../../validation/checks.js';
import { optionSchema } from '../../validation/option-schema.js';
import { readOptions } from '../../validation/read-options.js';
import type { QueueLocation, ResolvedLocation } from '../queue-location.js';
import { locationChecks } from '../queue-location.js';

/**
 * How `bullmqBackend()` reaches the hosts.
 *
 * @example
 * ```ts
 * const backend = bullmqBackend({ connection: 'redis://redis:6379', queue: 'images', attempts: 3 });
 * TracingModule.forRoot({ offload: { backend } });
 * ```
 */
export interface BullmqBackendOptions extends QueueLocation {
  /**
   * How often a task may be tried, unless the call says otherwise. Beyond 1 its work must bear being
   * repeated. Default: 1.
   */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; each further one waits twice as long. Default: 1000. */
  readonly backoffMillis?: number;
  /** Milliseconds that calls wait for a lost connection before they reject. Default: 10000. */
  readonly connectionTimeoutMillis?: number;
  /** Milliseconds that a job stays in Redis once it has completed. Default: 300000, 5 minutes. */
  readonly keepCompletedMillis?: number;
  /** Milliseconds that a job stays in Redis once it has failed. Default: 604800000, 7 days. */
  readonly keepFailedMillis?: number;
}

export const backendSchema = optionSchema<BullmqBackendOptions>()({
  ...locationChecks,
  attempts: positiveCount.default(1),
  backoffMillis: duration.default(1000),
  connectionTimeoutMillis: millis.default(10_000),
  keepCompletedMillis: duration.default(5 * 60_000),
  keepFailedMillis: duration.default(7 * 24 * 60 * 60_000),
});

/** The options with every default filled in. */
export type BullmqBackendSettings = Omit<z.output<typeof backendSchema>, keyof QueueLocation> & {
  readonly location: ResolvedLocation;
};

/**
 * Checks the options of the backend and fills in the defaults.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveBackend(options: BullmqBackendOptions): BullmqBackendSettings {
  const { connection, queue, prefix, ...settings } = readOptions(backendSchema, options);
  return { ...settings, location: { connection, queue, prefix } };
}
