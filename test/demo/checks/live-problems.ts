import type { DemoRequest } from './demo-requests.js';
import { lookupProblems } from './lookup-problems.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { named, problem } from './trace-parts.js';

/** What is wrong unless a message is a trace of its own, with the lookup in it, linked to its connection. */
export function liveProblems(
  request: DemoRequest,
  trace: ReceivedTrace,
  traces: readonly ReceivedTrace[],
): string[] {
  const root = trace.spans.find(({ parentSpanId }) => parentSpanId === undefined);
  const connections = traces.flatMap((other) => named(other, 'connect LiveGateway'));
  const ids = connections.map(({ spanId }) => spanId);
  const isLinked = root?.links.some(({ spanId }) => ids.includes(spanId)) ?? false;
  return [
    ...problem(root?.name !== 'process lookup', 'the message is not the root'),
    ...problem(root?.kind !== 'CONSUMER', 'the root is no message that came'),
    ...problem(!isLinked, 'the message has no link to its connection'),
    ...lookupProblems(request, trace, traces),
  ];
}
