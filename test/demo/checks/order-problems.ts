import type { DemoRequest } from './demo-requests.js';
import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';
import { childrenOf, hasAttribute, named, problem } from './trace-parts.js';

/** What is wrong unless a message goes on in the other service, and an event starts a trace linked here. */
export function orderProblems(
  { key }: DemoRequest,
  trace: ReceivedTrace,
  traces: readonly ReceivedTrace[],
): string[] {
  const [place] = named(trace, 'place order');
  const sent = childrenOf(trace, place);
  const kinds = sent.map(({ kind }) => kind).toSorted();
  const client = sent.find(({ kind }) => kind === 'CLIENT');
  const producer = sent.find(({ kind }) => kind === 'PRODUCER');
  return [
    ...problem(kinds.join() !== 'CLIENT,PRODUCER', `below place order are [${kinds.join(', ')}]`),
    ...messageProblems(trace, client, place?.service),
    ...eventProblems(key, producer, traces),
  ];
}

function messageProblems(trace: ReceivedTrace, client?: ReceivedSpan, here?: string): string[] {
  const [server] = childrenOf(trace, client);
  const [work] = childrenOf(trace, server);
  const isThere = server?.kind === 'SERVER' && server.service !== here;
  return [
    ...problem(!isThere, 'the message has no span in the other service'),
    ...problem(work?.name !== 'reserve one', 'the work of the message is missing'),
  ];
}

function eventProblems(
  key: string | undefined,
  producer: ReceivedSpan | undefined,
  traces: readonly ReceivedTrace[],
): string[] {
  const [picked] = traces.filter((trace) =>
    named(trace, 'pick one').some((work) => hasAttribute(work, 'request.key', key)),
  );
  const root = picked?.spans.find(({ parentSpanId }) => parentSpanId === undefined);
  const isLinked = root?.links.some(({ spanId }) => spanId === producer?.spanId) ?? false;
  return [
    ...problem(root?.kind !== 'CONSUMER', 'the event has no trace of its own'),
    ...problem(!isLinked, 'the trace of the event has no link to who emitted it'),
  ];
}
