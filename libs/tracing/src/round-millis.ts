/** Rounds a duration in milliseconds to the microsecond, which is as exact as anybody reads it. */
export function roundMillis(millis: number): number {
  return Math.round(millis * 1000) / 1000;
}
