import { MAX_TIMER_MILLIS } from '../../with-deadline.js';
import { OffloadTimeoutError } from '../offload.error.js';
import type { OffloadOptions } from '../offload.options.js';

/** Makes a call with a signal that also aborts when its time is up. */
export async function withTimeout<T>(
  task: string,
  { timeoutMillis = Infinity, ...options }: OffloadOptions,
  call: (options: OffloadOptions) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = (): void => controller.abort(new OffloadTimeoutError(task, timeoutMillis));
  const timer = setTimeout(late, Math.min(timeoutMillis, MAX_TIMER_MILLIS));
  const { signal: given } = options;
  const signal = given ? AbortSignal.any([given, controller.signal]) : controller.signal;
  try {
    return await call({ ...options, signal });
  } finally {
    clearTimeout(timer);
  }
}
