import { timerMillis } from '../../with-deadline.js';

/** Whoever keeps a time limit is a little late himself. */
const GRACE_MILLIS = 100;

/** Keeps the process alive for work that nothing else may keep it alive for, until its time is up. */
export async function keepAlive<T>(work: Promise<T>, timeoutMillis: number): Promise<T> {
  const hold = setTimeout(() => undefined, timerMillis(timeoutMillis + GRACE_MILLIS));
  try {
    return await work;
  } finally {
    clearTimeout(hold);
  }
}
