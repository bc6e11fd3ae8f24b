import type { AnyTask } from '../../offload/task/task.interface.js';
import { OffloadHost } from './offload-host.js';
import type { OffloadHostOptions } from './offload-host.options.js';
import { resolveHost } from './offload-host.options.js';

/**
 * Starts a host: a process that runs tasks which callers with `bullmqBackend()` offload or enqueue.
 * Start as many as are needed, on any machine. The task files are the same as the callers'.
 *
 * Each attempt opens `process <queue>` (CONSUMER) when the host has taken the job, ended when the task
 * has settled, and in it the task's own `task <name>`. A process with an SDK exports them itself, so
 * start it first; without one, the spans of awaited tasks are exported by their callers.
 *
 * @param options the tasks, where Redis is, how many run at a time; see each for its default
 * @throws TracingConfigurationError naming the first wrong option, or two tasks of one name
 * @throws TypeError if the installed BullMQ is not supported
 *
 * @example
 * ```ts
 * const host = createOffloadHost({ tasks: [hash, thumbnail], connection: process.env.REDIS_URL });
 * process.once('SIGTERM', () => void host.close());
 * ```
 */
export function createOffloadHost<const T extends readonly AnyTask[]>(
  options: OffloadHostOptions<T>,
): OffloadHost {
  const host = new OffloadHost(resolveHost(options as unknown as OffloadHostOptions));
  host.start();
  return host;
}
