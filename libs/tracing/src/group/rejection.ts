/** A rejection that the group reports: nobody has to handle it. */
export function reportedRejection(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  markReported(promise);
  return promise;
}

/** Keeps a rejection that the group reports from being an unhandled one. */
export function markReported(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
