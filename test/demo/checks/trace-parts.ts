import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';

/** The spans of a trace with this name. */
export function named({ spans }: ReceivedTrace, name: string): ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

/** The spans of a trace right below another one; none if there is no other one. */
export function childrenOf({ spans }: ReceivedTrace, parent?: ReceivedSpan): ReceivedSpan[] {
  return spans.filter(({ parentSpanId }) => parentSpanId && parentSpanId === parent?.spanId);
}

/** Whether a span has an attribute of this value; without a value, whether it has no such attribute. */
export function hasAttribute({ attributes }: ReceivedSpan, key: string, value?: string): boolean {
  return attributes[key] === value;
}

/** Whether a span has an event of this name. */
export function hasEvent(span: ReceivedSpan | undefined, name: string): boolean {
  return span?.events.some((event) => event.name === name) ?? false;
}

/** The statements right below a span. */
export function queriesOf(trace: ReceivedTrace, parent?: ReceivedSpan): ReceivedSpan[] {
  return childrenOf(trace, parent).filter(({ kind }) => kind === 'CLIENT');
}

/** Whether a statement was sent right below a span. */
export function hasQuery(trace: ReceivedTrace, parent: ReceivedSpan): boolean {
  return queriesOf(trace, parent).length > 0;
}

/** The log lines that the work of a request wrote: all but the one of the request itself. */
export function workLines({ spans, logs }: ReceivedTrace): ReceivedTrace['logs'] {
  const servers = spans.filter(({ kind }) => kind === 'SERVER').map(({ spanId }) => spanId);
  return logs.filter(({ spanId }) => !servers.includes(spanId));
}

/** How a task ended: `ok`, `error` or `cancelled`. */
export function outcomeOf({ attributes }: ReceivedSpan): unknown {
  return attributes['async.task.outcome'];
}

/** How many children of a group ended in this way, by the group's own count. */
export function tasksOf(group: ReceivedSpan | undefined, outcome: string): number {
  return Number(group?.attributes[`async.group.tasks.${outcome}`]);
}

/** What is wrong unless the children of a group have these names, in the order of the alphabet. */
export function groupProblems(tasks: readonly ReceivedSpan[], expected: string): string[] {
  const names = tasks.map(({ name }) => name);
  const found = names.toSorted().join(', ');
  return problem(found !== expected, `the group's children are [${found}], not [${expected}]`);
}

/** A list of one problem, or of none. */
export function problem(isWrong: boolean, text: string): string[] {
  return isWrong ? [text] : [];
}
