import { threadId } from 'node:worker_threads';
import type { OffloadBackend, OffloadCall, OffloadReply } from '../backend.interface.js';
import { nowMillis } from '../clock.js';
import { readHeaders } from '../../propagation/trace-headers.js';
import { runHere } from './run-here.js';

/**
 * Runs tasks on the thread of the caller, for tests: same results, errors and span names as in a
 * worker. What crosses is cloned here too. A task that does not listen to its signal is left running
 * when the grace is over; nothing can end it.
 */
export class InlineBackend implements OffloadBackend {
  constructor(readonly concurrency: number) {}

  async run(call: OffloadCall): Promise<OffloadReply> {
    const { submittedAt, signal, transfer, headers } = call;
    if (signal?.aborted === true) {
      const queueWaitMillis = Math.max(0, nowMillis() - submittedAt);
      return { queueWaitMillis, thread: threadId, started: false };
    }
    const input: unknown = structuredClone(call.input, { transfer: [...transfer] as never });
    return structuredClone(await runHere({ ...call, input, parent: readHeaders(headers) }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
