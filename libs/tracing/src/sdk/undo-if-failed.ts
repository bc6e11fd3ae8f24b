/**
 * Runs one step of a start. If it throws, what was started before is stopped: a start that fails
 * leaves nothing behind.
 *
 * @param undo its own failure is no news beside the one that called for it
 * @throws whatever `step` throws
 */
export function undoIfFailed<T>(undo: () => Promise<void>, step: () => T): T {
  try {
    return step();
  } catch (error) {
    undo().catch(() => undefined);
    throw error;
  }
}
