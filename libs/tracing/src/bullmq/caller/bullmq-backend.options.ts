import type { OptionCheck } from '../../options/check-options.js';
import { checkOptions } from '../../options/check-options.js';
import type { QueueLocation, ResolvedLocation } from '../queue-location.js';
import { LOCATION_CHECKS, resolveLocation } from '../queue-location.js';

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
  /** How often a task may be tried, unless the call says otherwise. Beyond 1 its work must bear being repeated. Default: 1. */
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

/** The options with every default filled in. */
export type BullmqBackendSettings = Required<Omit<BullmqBackendOptions, keyof QueueLocation>> & {
  readonly location: ResolvedLocation;
};

/** A whole number, 1 or more. */
export const COUNT_CHECK: OptionCheck = [
  (value) => Number.isInteger(value) && (value as number) >= 1,
  'write a whole number, 1 or more',
];

/** Milliseconds that may be none. */
export const MILLIS_CHECK: OptionCheck = [
  (value) => typeof value === 'number' && value >= 0,
  'write a number of milliseconds, 0 or more',
];

const CHECKS: Readonly<Record<keyof BullmqBackendOptions, OptionCheck>> = {
  ...LOCATION_CHECKS,
  attempts: COUNT_CHECK,
  backoffMillis: MILLIS_CHECK,
  connectionTimeoutMillis: MILLIS_CHECK,
  keepCompletedMillis: MILLIS_CHECK,
  keepFailedMillis: MILLIS_CHECK,
};

/**
 * The one place where the defaults of the backend are merged.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveBackend(options: BullmqBackendOptions): BullmqBackendSettings {
  checkOptions(options, CHECKS);
  return {
    location: resolveLocation(options),
    attempts: options.attempts ?? 1,
    backoffMillis: options.backoffMillis ?? 1000,
    connectionTimeoutMillis: options.connectionTimeoutMillis ?? 10_000,
    keepCompletedMillis: options.keepCompletedMillis ?? 5 * 60_000,
    keepFailedMillis: options.keepFailedMillis ?? 7 * 24 * 60 * 60_000,
  };
}
