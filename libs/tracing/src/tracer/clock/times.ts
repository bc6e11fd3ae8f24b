import type { HrTime, TimeInput } from '@opentelemetry/api';

export const NANOS_A_MILLI = 1_000_000;
export const NANOS_A_SECOND = 1_000_000_000;

/** Whether a value is a time in one of the forms of OpenTelemetry's API. */
export function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || isHrTime(value);
}

/** Whether a value is a pair of seconds and nanoseconds. */
export function isHrTime(value: unknown): value is HrTime {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'number' &&
    typeof value[1] === 'number'
  );
}

/** @param millis since the epoch */
export function epochToHrTime(millis: number): HrTime {
  return [Math.trunc(millis / 1000), Math.round((millis % 1000) * NANOS_A_MILLI)];
}

/** The time from one moment to another; its seconds are negative if they are the wrong way round. */
export function between(start: HrTime, end: HrTime): HrTime {
  const nanos = end[1] - start[1];
  return nanos < 0 ? [end[0] - start[0] - 1, nanos + NANOS_A_SECOND] : [end[0] - start[0], nanos];
}
