import { setTimeout as delay } from 'node:timers/promises';

/** Lets everything happen that is only waiting for microtasks. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets the clock go on, so that spans can be told apart by their start. */
export function nextMillisecond(): Promise<void> {
  return delay(3);
}

/** Work that obeys its signal. */
export function cooperative(signal: AbortSignal, millis = 10_000): Promise<void> {
  return delay(millis, undefined, { signal });
}

/** What an async function rejects with; fails if it does not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It should have been rejected.');
}

/** A promise that the test settles. */
export interface Gate<T = void> {
  readonly promise: Promise<T>;
  open(value: T): void;
  fail(error: unknown): void;
}

export function gate<T = void>(): Gate<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  promise.catch(() => undefined);
  return { promise, open: resolve, fail: reject };
}

/** Collects every unhandled rejection until `stop`. */
export function watchRejections(): { readonly seen: unknown[]; stop(): void } {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => {
    seen.push(reason);
  };
  process.on('unhandledRejection', listener);
  return { seen, stop: () => process.off('unhandledRejection', listener) };
}
