import { millisFrom } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type { WatchdogOptions } from './watchdog-options.interface.js';

/** Below it a timer's own lateness is taken for a stall. */
const MIN_THRESHOLD = 20;

export const watchdogSchema = switchable(
  optionSchema<WatchdogOptions>()({
    thresholdMillis: millisFrom(MIN_THRESHOLD).default(100),
  }),
);

/** On where somebody develops. A test may read every line of the log. */
export function isWatchedByDefault(): boolean {
  const { NODE_ENV } = process.env;
  return NODE_ENV !== 'production' && NODE_ENV !== 'test';
}
