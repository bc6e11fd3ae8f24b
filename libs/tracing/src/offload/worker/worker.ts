import { threadId, workerData } from 'node:worker_threads';
import { nowMillis } from '../clock.js';
import type { EncodedThrown } from '../error-codec.js';
import { encodeThrown } from '../error-codec.js';
import type { CallMessage, ReplyMessage, WorkerSettings } from '../piscina/messages.js';
import { runTask } from '../run-task.js';
import { readHeaders } from '../trace-headers.js';
import { SharedSignal } from './shared-signal.js';
import { TaskLoader } from './task-loader.js';
import { startWorkerTracing } from './worker-tracing.js';

const { flags, spanLimits } = (workerData as WorkerSettings)['nestjs-tracing:offload'];
const collector = startWorkerTracing(spanLimits);
const tasks = new TaskLoader();

/** What piscina calls for each task. Never rejects: spans travel with failures, too. */
export default async function work(call: CallMessage | undefined): Promise<ReplyMessage> {
  const startedAt = nowMillis();
  if (call === undefined) return reply(undefined, undefined, startedAt, startedAt, false);
  const [, , , , , , recording, submittedAt] = call;
  try {
    const value = await run(call);
    return reply(value, undefined, submittedAt, startedAt, recording);
  } catch (error) {
    return reply(undefined, encodeThrown(error), submittedAt, startedAt, recording);
  }
}

async function run(call: CallMessage): Promise<unknown> {
  const [file, name, input, traceparent, tracestate, baggage, recording, , flag] = call;
  const task = tasks.loaded(file, name) ?? (await tasks.load(file, name));
  const parent = readHeaders({ traceparent, tracestate, baggage });
  const cancellation = new SharedSignal(flags, flag);
  collector.wanted = recording;
  try {
    return await runTask({
      task,
      input,
      parent,
      recording,
      attributes: { 'async.offload.thread': threadId },
      cancellation,
    });
  } finally {
    cancellation.close();
  }
}

/** Spans that nobody wants now, late ones of another call, wait for one that does. */
function reply(
  value: unknown,
  thrown: EncodedThrown | undefined,
  submittedAt: number,
  startedAt: number,
  recording: boolean,
): ReplyMessage {
  const queueWaitMillis = Math.max(0, startedAt - submittedAt);
  if (!recording) return [value, thrown, queueWaitMillis, threadId, undefined, 0];
  const { spans, dropped } = collector.take();
  return [value, thrown, queueWaitMillis, threadId, spans, dropped];
}
