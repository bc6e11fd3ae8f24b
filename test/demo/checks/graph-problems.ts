import type { DemoRequest } from './demo-requests.js';
import { lookupProblems } from './lookup-problems.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { childrenOf, named, problem } from './trace-parts.js';

/** What is wrong unless an operation stands between its request and the lookup. */
export function graphProblems(
  request: DemoRequest,
  trace: ReceivedTrace,
  traces: readonly ReceivedTrace[],
): string[] {
  const root = trace.spans.find(({ parentSpanId }) => parentSpanId === undefined);
  const [operation, ...more] = childrenOf(trace, root);
  const [handle] = named(trace, 'handle');
  return [
    ...problem(root?.name !== 'POST /graphql', `the root is ${root?.name}`),
    ...problem(operation?.name !== 'query' || more.length > 0, 'the request has not one operation'),
    ...problem(handle?.parentSpanId !== operation?.spanId, 'the lookup is not in the operation'),
    ...lookupProblems(request, trace, traces),
  ];
}
