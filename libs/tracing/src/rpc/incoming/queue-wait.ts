/** Longer than this no message waits: the other clock is wrong, or the field is something else. */
const LONGEST_WAIT_MILLIS = 365 * 24 * 3600 * 1000;

/**
 * Returns how long a message has waited, in milliseconds, or undefined if that is not known. Clocks of two
 * machines differ, so that one which comes before it was sent has not waited.
 *
 * @param sentAt milliseconds since 1970
 */
export function queueWait(sentAt: number): number | undefined {
  const wait = Date.now() - sentAt;
  return sentAt > 0 && wait <= LONGEST_WAIT_MILLIS ? Math.max(0, wait) : undefined;
}
