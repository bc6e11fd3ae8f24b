import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

// Taken when this package is loaded: what a test puts in their place later is not for us.
const { setTimeout: nodeTimeout } = timers;
const { nodeTiming } = performance;
const now = performance.now.bind(performance);
const hrtime = process.hrtime.bigint;

/** Milliseconds since the process began, by `performance.now()` as Node made it. */
export const clock = now;

/** Whether a test had faked these before this package was loaded: then they tell nothing. */
export const areTimersFake = 'clock' in nodeTimeout || 'clock' in process.hrtime;

/** What has to be taken from the time that all threads share to get that of this thread. */
const originMillis = Number(hrtime()) / 1e6 - now();

/** @param millis of `process.hrtime`, which tells the same in every thread */
export function fromShared(millis: number): number {
  return millis - originMillis;
}

/** Milliseconds that the event loop has had nothing to do, since the process began. */
export function idleMillis(): number {
  return nodeTiming.idleTime;
}

/**
 * A timer that `refresh()` starts, again and again, and that keeps no process alive. It fires once by
 * itself: Node cannot start one again that was cleared.
 */
export function restartableTimer(callback: () => void, millis: number): NodeJS.Timeout {
  return nodeTimeout(callback, millis).unref();
}
