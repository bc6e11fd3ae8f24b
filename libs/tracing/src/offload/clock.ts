const { timeOrigin } = performance;

/** Milliseconds since the epoch with a fraction, the same on every thread. */
export function nowMillis(): number {
  return timeOrigin + performance.now();
}
