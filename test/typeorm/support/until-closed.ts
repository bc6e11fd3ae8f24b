import { finished } from 'node:stream';
import type { Readable } from 'node:stream';

/** Waits until a stream has been closed, whatever became of it. */
export function untilClosed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    finished(stream, () => resolve());
  });
}
