/** The longest delay of a Node timer in milliseconds, 24.8 days; a longer one would fire at once. */
export const MAX_TIMER_MILLIS = 2 ** 31 - 1;

/** Returns a wait that a timer can keep: no longer than it can hold, and never negative. */
export function timerMillis(millis: number): number {
  return Math.min(Math.max(0, millis), MAX_TIMER_MILLIS);
}

/**
 * Settles as the given work does, or rejects when the time is up. The timer holds the process until then.
 *
 * @param timeoutMillis milliseconds; 0 gives the work no time, Infinity all it takes
 */
export async function withDeadline<T>(work: Promise<T>, timeoutMillis: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const late = (): void => reject(new Error(`it took longer than ${timeoutMillis} ms`));
    timer = setTimeout(late, timerMillis(timeoutMillis));
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
