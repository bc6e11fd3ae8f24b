import { threadId, workerData } from 'node:worker_threads';
import { nowMillis } from '../clock.js';
import type { EncodedThrown } from '../wire/error-codec.js';
import { encodeThrown } from '../wire/encode-thrown.js';
import type { CallMessage, ReplyMessage, WorkerSettings } from '../piscina/messages.js';
import { runTask } from '../task/run-task.js';
import type { SpanIdentity } from '../../tracer/ids/span-identity.js';
import { contextBelow, parentIdentity } from '../../propagation/local-parent.js';
import type { TaskSpan } from '../returning-spans/task-span.js';
import { shortTaskSpan } from '../returning-spans/task-span.js';
import { readHeaders } from '../../propagation/trace-headers.js';
import { SharedSignal } from './shared-signal.js';
import { TaskLoader } from './task-loader.js';
import { startWorkerTracing } from './worker-tracing.js';

const { flags, spanLimits } = (workerData as WorkerSettings)['nestjs-tracing:offload'];
const collector = startWorkerTracing(spanLimits);
const tasks = new TaskLoader();
const attributes = Object.freeze({ 'async.offload.thread': threadId });

/** Runs a task for piscina. Never rejects: spans travel with failures, too. */
export default async function work(call: CallMessage | undefined): Promise<ReplyMessage> {
  const startedAt = nowMillis();
  if (call === undefined) return unstarted(0);
  const [file, name, input, recording, submittedAt, flag, headers, words] = call;
  const queueWaitMillis = Math.max(0, startedAt - submittedAt);
  const cancellation = new SharedSignal(flags, flag);
  // Its caller may have given up while this thread was starting.
  if (cancellation.aborted) return unstarted(queueWaitMillis);
  const identity = words && parentIdentity(words, recording);
  try {
    const task = tasks.loaded(file, name) ?? (await tasks.load(file, name));
    const parent = identity === undefined ? readHeaders(headers ?? {}) : contextBelow(identity);
    collector.wanted = recording;
    const value = await runTask({ task, input, parent, recording, attributes, cancellation });
    const short = recording && identity !== undefined && takeShort(name, identity);
    if (short) return [value, undefined, queueWaitMillis, threadId, undefined, 0, true, short];
    return reply(value, undefined, queueWaitMillis, recording);
  } catch (error) {
    const thrown = encodeThrown(error, tasks.errorsOf(file));
    return reply(undefined, thrown, queueWaitMillis, recording);
  } finally {
    cancellation.close();
  }
}

function takeShort(task: string, parent: SpanIdentity): TaskSpan | undefined {
  return collector.takeShort((span) => shortTaskSpan(span, task, parent));
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
