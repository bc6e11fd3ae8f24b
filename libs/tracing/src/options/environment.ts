import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import { MAX_TIMER_MILLIS } from '../with-deadline.js';

/**
 * The number of the first of some variables that is set. One that is no number, or below 0, is ignored
 * with a warning, as the specification has it.
 */
export function countFromEnv(...names: readonly string[]): number | undefined {
  return names
    .map((name) => getNumberFromEnv(name))
    .find((value) => value !== undefined && value >= 0);
}

/** As `countFromEnv`, of milliseconds for a timer. */
export function millisFromEnv(...names: readonly string[]): number | undefined {
  const millis = countFromEnv(...names);
  return millis === undefined ? undefined : Math.min(millis, MAX_TIMER_MILLIS);
}

/** A variable that is set, and what it holds. */
interface Variable {
  readonly name: string;
  readonly value: string;
}

/** The first of some variables that is set. */
export function variable(...names: readonly string[]): Variable | undefined {
  for (const name of names) {
    const value = getStringFromEnv(name);
    if (value !== undefined) return { name, value };
  }
  return undefined;
}
