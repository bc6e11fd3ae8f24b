/** Waits for all of them, so that one that fails does not cut the others short; then fails as it did. */
export async function settled(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}
