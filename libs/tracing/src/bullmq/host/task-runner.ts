import type { Context } from '@opentelemetry/api';
import type { OffloadReply } from '../../offload/backend.interface.js';
import { resolveOffload } from '../../offload/caller/offload-settings.js';
import { runHere } from '../../offload/inline/run-here.js';
import { PiscinaBackend } from '../../offload/piscina/piscina-backend.js';
import { assertTaskFile } from '../../offload/task/assert-task-file.js';
import { definitionOf, forgetDefined } from '../../offload/task/defined-tasks.js';
import type { AnyTask } from '../../offload/task/task.interface.js';
import { writeHeaders } from '../../propagation/trace-headers.js';
import type { OffloadHostSettings } from './offload-host.options.js';

/** Describes one run of a task on this host. */
interface HostRun {
  readonly task: AnyTask;
  readonly input: unknown;
  /** The context that it runs in. */
  readonly context: Context;
  readonly recording: boolean;
  readonly submittedAt: number;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
}

/** Runs the tasks of a host. */
export interface HostTaskRunner {
  /** Resolves with the reply, also if the task failed. Rejects if whatever ran it ended. */
  run(run: HostRun): Promise<OffloadReply>;
  close(): Promise<void>;
}

/**
 * Makes the runner that the settings ask for.
 *
 * @throws OffloadTaskFileError if it is one of threads, and the file of a task is of no use to them
 */
export function createRunner({
  runOn,
  concurrency,
  graceMillis,
  resourceLimits,
  tasks,
}: OffloadHostSettings): HostTaskRunner {
  for (const task of tasks.all) prepare(task, runOn);
  if (runOn === 'process') return new ProcessRunner();
  const limits = resourceLimits === undefined ? {} : { resourceLimits };
  return new PoolRunner(
    new PiscinaBackend(resolveOffload({ maxThreads: concurrency, graceMillis, ...limits }), {}),
  );
}

function prepare(task: AnyTask, runOn: OffloadHostSettings['runOn']): void {
  const definition = definitionOf(task);
  if (runOn === 'process')
    forgetDefined(task); // on this thread it needs no file
  else if (definition !== undefined) assertTaskFile(definition);
}

/** Runs tasks on worker threads, as a local `offload()` does. */
class PoolRunner implements HostTaskRunner {
  readonly #pool: PiscinaBackend;

  constructor(pool: PiscinaBackend) {
    this.#pool = pool;
  }

  run({ context: ctx, ...run }: HostRun): Promise<OffloadReply> {
    return this.#pool.run({ ...run, headers: writeHeaders(ctx), transfer: [] });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** Runs tasks on the thread of the host. One that does not listen to its signal is left running. */
class ProcessRunner implements HostTaskRunner {
  run({ context: parent, ...run }: HostRun): Promise<OffloadReply> {
    return runHere({ ...run, parent });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
