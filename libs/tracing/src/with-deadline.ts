/**
 * Settles as the given work does, or rejects when the time is up. The timer keeps no process alive.
 *
 * @param timeoutMillis milliseconds; 0 gives the work no time
 */
export async function withDeadline<T>(work: Promise<T>, timeoutMillis: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const late = (): void => reject(new Error(`it took longer than ${timeoutMillis} ms`));
    timer = setTimeout(late, timeoutMillis);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
