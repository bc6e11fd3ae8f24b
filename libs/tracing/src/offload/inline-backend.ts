import { threadId } from 'node:worker_threads';
import type { OffloadBackend, OffloadCall, OffloadReply } from './backend.interface.js';
import { nowMillis } from './clock.js';
import { encodeThrown } from './error-codec.js';
import { LocalCancellation } from './local-cancellation.js';
import { runTask } from './run-task.js';
import { readHeaders } from './trace-headers.js';

/**
 * Runs tasks on the thread of the caller, for tests: same results, errors and span names as in a
 * worker. What crosses is cloned here too. A task that does not listen to its signal is left running
 * when the grace is over; nothing can end it.
 */
export class InlineBackend implements OffloadBackend {
  constructor(readonly concurrency: number) {}

  run(call: OffloadCall): Promise<OffloadReply> {
    const { kill } = call;
    if (kill === undefined) return perform(call);
    const { promise, reject } = Promise.withResolvers<never>();
    const onKill = (): void => reject(kill.reason as Error);
    kill.addEventListener('abort', onKill);
    return Promise.race([perform(call), promise]).finally(() =>
      kill.removeEventListener('abort', onKill),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function perform(call: OffloadCall): Promise<OffloadReply> {
  const queueWaitMillis = Math.max(0, nowMillis() - call.submittedAt);
  const came = { queueWaitMillis, thread: threadId };
  if (call.signal?.aborted === true) return { ...came, started: false };
  const input: unknown = structuredClone(call.input, { transfer: [...call.transfer] as never });
  const cancellation = new LocalCancellation(call.signal);
  try {
    const value = await runTask({
      task: call.task,
      input,
      parent: readHeaders(call.headers),
      recording: call.recording,
      attributes: { 'async.offload.thread': threadId },
      cancellation,
    });
    return { ...came, value: structuredClone(value) };
  } catch (error) {
    return { ...came, thrown: structuredClone(encodeThrown(error)) };
  } finally {
    cancellation.close();
  }
}
