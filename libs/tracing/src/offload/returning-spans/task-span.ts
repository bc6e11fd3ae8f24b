import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { AttributeList } from '../../tracer/attributes/attribute-list.js';
import { SpanIdentity } from '../../tracer/ids/span-identity.js';
import { LeanSpan } from '../../tracer/lean-span.js';
import { tellStart } from '../../tracer/tell-processors.js';
import type { SpanRecording } from '../../span/recording.js';

const ATTR_THREAD = 'async.offload.thread';

/** What a caller does not know of the span of a task that went well: its id, start and end. */
export type TaskSpan = readonly [
  high: number,
  low: number,
  startSeconds: number,
  startNanos: number,
  endSeconds: number,
  endNanos: number,
];

/** The name of a task's span. */
export function taskSpanName(task: string): string {
  return `task ${task}`;
}

/**
 * Returns a finished span in short, if it is that of a task and says nothing of its own: then its
 * caller knows the rest.
 */
export function shortTaskSpan(
  span: ReadableSpan | undefined,
  task: string,
  parent: SpanIdentity,
): TaskSpan | undefined {
  if (span === undefined || !LeanSpan.is(span) || span.parent !== parent) return undefined;
  if (span.hasParts || span.kind !== SpanKind.INTERNAL || span.name !== taskSpanName(task)) {
    return undefined;
  }
  if (!tellsThreadAlone(span.attributeList)) return undefined;
  const { startTime, endTime, identity } = span;
  return [identity.high, identity.low, startTime[0], startTime[1], endTime[0], endTime[1]];
}

function tellsThreadAlone({ first, later, dropped }: AttributeList): boolean {
  if (first === undefined || dropped > 0) return false;
  const pairs = later ?? first.pairs;
  return first.pairs.length + (later?.length ?? 0) === 2 && pairs[0] === ATTR_THREAD;
}

/** Makes the span of a task again below its caller's, with its own id, for the same processors. */
export function takeInTaskSpan(
  [high, low, startSeconds, startNanos, endSeconds, endNanos]: TaskSpan,
  task: string,
  thread: number,
  caller: SpanRecording,
): void {
  const { span } = caller;
  if (!LeanSpan.is(span)) return;
  const { identity, shared } = span;
  const own = new SpanIdentity(identity.trace, high, low, true, undefined);
  const attributes = new AttributeList(Infinity, Infinity);
  attributes.set(ATTR_THREAD, thread);
  const name = taskSpanName(task);
  const { INTERNAL } = SpanKind;
  const made = new LeanSpan(shared, own, identity, name, INTERNAL, attributes, NaN, undefined);
  made.startAt([startSeconds, startNanos]);
  tellStart(shared.processors, made, caller.context);
  made.end([endSeconds, endNanos]);
}
