import { setTimeout } from 'node:timers/promises';
import { findProblems } from '../checks/check-traces.js';
import type { DemoRequest } from '../checks/demo-requests.js';
import type { ReceivedTrace } from '../checks/received-trace.interface.js';

/** Where traces come from, and word that another one came. */
interface TraceSource {
  readonly traces: readonly ReceivedTrace[];
  changed(): Promise<void>;
}

/**
 * Waits until the traces of all requests are as they should be.
 *
 * @returns what is still wrong when the time is up; nothing if all came in time.
 */
export async function awaitTraces(
  source: TraceSource,
  requests: readonly DemoRequest[],
  limitMillis: number,
): Promise<readonly string[]> {
  const timer = new AbortController();
  const limit = setTimeout(limitMillis, 'up', { signal: timer.signal }).catch(() => 'up');
  let problems = findProblems(requests, source.traces);
  while (problems.length > 0) {
    if ((await Promise.race([source.changed(), limit])) === 'up') break;
    problems = findProblems(requests, source.traces);
  }
  timer.abort();
  return problems;
}
