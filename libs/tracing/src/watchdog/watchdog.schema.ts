import { millisFrom } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type { WatchdogOptions } from './watchdog-options.interface.js';
import type { WatchdogSettings } from './watchdog-settings.interface.js';

/** Below it a timer's own lateness is taken for a stall. */
const MIN_THRESHOLD = 20;

export const watchdogSchema = switchable(
  optionSchema<WatchdogOptions>()({
    thresholdMillis: millisFrom(MIN_THRESHOLD).default(100),
  }),
);

/** On where somebody develops or tests. */
export function isWatchedByDefault(): boolean {
  return process.env['NODE_ENV'] !== 'production';
}

/** @param given what the application has written, if anything */
export function watchdogSettings(
  checked: { readonly thresholdMillis: number } | undefined,
  given: boolean | WatchdogOptions | undefined,
): WatchdogSettings | undefined {
  const isQuiet = given === undefined && process.env['NODE_ENV'] === 'test';
  return checked && { ...checked, isQuiet };
}
