import type { ReceivedSpan, ReceivedTrace } from '../received-trace.interface.js';

/** The spans of a trace with this name. */
export function named({ spans }: ReceivedTrace, name: string): ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

/** The spans of a trace right below another one; none if there is no other one. */
export function childrenOf({ spans }: ReceivedTrace, parent?: ReceivedSpan): ReceivedSpan[] {
  return spans.filter(({ parentSpanId }) => parentSpanId && parentSpanId === parent?.spanId);
}

/** Whether a span has an attribute of this value. */
export function hasAttribute({ attributes }: ReceivedSpan, key: string, value: string): boolean {
  return attributes[key] === value;
}

/** Whether a statement was sent right below a span. */
export function hasQuery(trace: ReceivedTrace, parent: ReceivedSpan): boolean {
  return childrenOf(trace, parent).some(({ kind }) => kind === 'CLIENT');
}

/** How a task ended: `ok`, `error` or `cancelled`. */
export function outcomeOf({ attributes }: ReceivedSpan): unknown {
  return attributes['async.task.outcome'];
}

/** How many children of a group ended in this way, by the group's own count. */
export function tasksOf(group: ReceivedSpan | undefined, outcome: string): number {
  return Number(group?.attributes[`async.group.tasks.${outcome}`]);
}

/** A list of one problem, or of none. */
export function problem(isWrong: boolean, text: string): string[] {
  return isWrong ? [text] : [];
}
