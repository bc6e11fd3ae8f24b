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
  if (call === undefined) return unstarted(0);
  const [, , , , , , recording, submittedAt, flag] = call;
  const queueWaitMillis = Math.max(0, startedAt - submittedAt);
  const cancellation = new SharedSignal(flags, flag);
  // Its caller may have given up while this thread was starting.
  if (cancellation.aborted) return unstarted(queueWaitMillis);
  try {
    const value = await run(call, cancellation);
    return reply(value, undefined, queueWaitMillis, recording);
  } catch (error) {
    return reply(undefined, encodeThrown(error), queueWaitMillis, recording);
  } finally {
    cancellation.close();
  }
}

async function run(call: CallMessage, cancellation: SharedSignal): Promise<unknown> {
  const [file, name, input, traceparent, tracestate, baggage, recording] = call;
  const task = tasks.loaded(file, name) ?? (await tasks.load(file, name));
  const parent = readHeaders({ traceparent, tracestate, baggage });
  collector.wanted = recording;
  const attributes = { 'async.offload.thread': threadId };
  return await runTask({ task, input, parent, recording, attributes, cancellation });
}

/** Spans that nobody wants now, late ones of another call, wait for one that does. */
function reply(
  value: unknown,
  thrown: EncodedThrown | undefined,
  queueWaitMillis: number,
  recording: boolean,
): ReplyMessage {
  if (!recording) return [value, thrown, queueWaitMillis, threadId, undefined, 0, true];
  const { spans, dropped } = collector.take();
  return [value, thrown, queueWaitMillis, threadId, spans, dropped, true];
}

function unstarted(queueWaitMillis: number): ReplyMessage {
  return [undefined, undefined, queueWaitMillis, threadId, undefined, 0, false];
}
