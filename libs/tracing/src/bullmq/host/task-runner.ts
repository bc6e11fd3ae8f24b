import { threadId } from 'node:worker_threads';
import type { Context } from '@opentelemetry/api';
import type { OffloadReply } from '../../offload/backend.interface.js';
import { nowMillis } from '../../offload/clock.js';
import { encodeThrown } from '../../offload/error-codec.js';
import { LocalCancellation } from '../../offload/local-cancellation.js';
import { resolveOffload } from '../../offload/offload-settings.js';
import { PiscinaBackend } from '../../offload/piscina/piscina-backend.js';
import { runTask } from '../../offload/run-task.js';
import type { AnyTask } from '../../offload/task.interface.js';
import { writeHeaders } from '../../offload/trace-headers.js';
import type { OffloadHostSettings } from './offload-host.options.js';

/** One run of a task on this host. */
export interface HostRun {
  readonly task: AnyTask;
  readonly input: unknown;
  /** The context that it runs in. */
  readonly scope: Context;
  readonly recording: boolean;
  readonly submittedAt: number;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
}

/** Where a host runs its tasks. */
export interface TaskRunner {
  /** Resolves with the reply, also if the task failed. Rejects if whatever ran it ended. */
  run(run: HostRun): Promise<OffloadReply>;
  close(): Promise<void>;
}

/** The runner that the settings ask for. */
export function createRunner({
  runOn,
  concurrency,
  graceMillis,
  resourceLimits,
}: OffloadHostSettings): TaskRunner {
  if (runOn === 'process') return new ProcessRunner();
  const limits = resourceLimits === undefined ? {} : { resourceLimits };
  return new PoolRunner(
    new PiscinaBackend(resolveOffload({ maxThreads: concurrency, graceMillis, ...limits }), {}),
  );
}

/** Runs tasks on worker threads, as a local `offload()` does. */
class PoolRunner implements TaskRunner {
  readonly #pool: PiscinaBackend;

  constructor(pool: PiscinaBackend) {
    this.#pool = pool;
  }

  run({ scope, ...run }: HostRun): Promise<OffloadReply> {
    return this.#pool.run({ ...run, headers: writeHeaders(scope), transfer: [] });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** Runs tasks on the thread of the host. One that does not listen to its signal is left running. */
class ProcessRunner implements TaskRunner {
  run(run: HostRun): Promise<OffloadReply> {
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(run.kill.reason as Error);
    run.kill.addEventListener('abort', leave);
    return Promise.race([perform(run), promise]).finally(() =>
      run.kill.removeEventListener('abort', leave),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function perform(run: HostRun): Promise<OffloadReply> {
  const queueWaitMillis = Math.max(0, nowMillis() - run.submittedAt);
  const came = { queueWaitMillis, thread: threadId };
  const cancellation = new LocalCancellation(run.signal);
  const { task, input, recording, scope: parent } = run;
  const attributes = { 'async.offload.thread': threadId };
  try {
    const value = await runTask({ task, input, parent, recording, attributes, cancellation });
    return { ...came, value };
  } catch (error) {
    return { ...came, thrown: encodeThrown(error) };
  } finally {
    cancellation.close();
  }
}
