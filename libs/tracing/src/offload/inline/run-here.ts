import { threadId } from 'node:worker_threads';
import type { Context } from '@opentelemetry/api';
import type { OffloadReply } from '../backend.interface.js';
import { nowMillis } from '../clock.js';
import { runTask } from '../task/run-task.js';
import { exportedErrorsOf } from '../task/task-file.js';
import type { AnyTask } from '../task/task.interface.js';
import type { EncodedThrown } from '../wire/error-codec.js';
import { encodeThrown } from '../wire/encode-thrown.js';
import { mayNameExport } from '../wire/error-codec.js';
import { LocalCancellation } from './local-cancellation.js';

/** One run of a task on the thread that asks for it. */
interface RunHere {
  readonly task: AnyTask;
  readonly input: unknown;
  /** The context that it runs in. */
  readonly parent: Context;
  readonly recording: boolean;
  readonly submittedAt: number;
  readonly signal: AbortSignal | undefined;
  readonly kill: AbortSignal | undefined;
}

/**
 * Runs a task on this thread and resolves with its reply, also if it failed. A task that does not
 * listen to its signal is left running when the grace is over: nothing can end it.
 *
 * @throws the reason of `kill` once that is aborted
 */
export function runHere(run: RunHere): Promise<OffloadReply> {
  const { kill } = run;
  if (kill === undefined) return perform(run);
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(kill.reason as Error);
  kill.addEventListener('abort', leave);
  return Promise.race([perform(run), promise]).finally(() =>
    kill.removeEventListener('abort', leave),
  );
}

async function perform(run: RunHere): Promise<OffloadReply> {
  const { submittedAt, signal, ...asked } = run;
  const came = { queueWaitMillis: Math.max(0, nowMillis() - submittedAt), thread: threadId };
  const cancellation = new LocalCancellation(signal);
  const attributes = { 'async.offload.thread': threadId };
  try {
    return { ...came, value: await runTask({ ...asked, attributes, cancellation }) };
  } catch (error) {
    return { ...came, thrown: await encodeFailure(error, run.task) };
  } finally {
    cancellation.close();
  }
}

/** The file is not asked for without need: in a test runner another copy of it may have to be loaded. */
async function encodeFailure(error: unknown, task: AnyTask): Promise<EncodedThrown> {
  const encoded = encodeThrown(error);
  return mayNameExport(encoded) ? encodeThrown(error, await exportedErrorsOf(task)) : encoded;
}
