import type { DemoRequest } from './demo-requests.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { childrenOf, hasQuery, named, problem } from './trace-parts.js';

/**
 * What is wrong with a seal, which is computed in a worker, here or behind a queue: its spans hang
 * under the request's.
 */
export function sealProblems(_request: DemoRequest, trace: ReceivedTrace): string[] {
  const [root] = named(trace, 'seal entries');
  const offload = childrenOf(trace, root).find(({ name }) => name === 'offload seal');
  const [attempt] = childrenOf(trace, offload);
  const [task] = attempt?.kind === 'CONSUMER' ? childrenOf(trace, attempt) : [attempt];
  const steps = childrenOf(trace, task).map(({ name }) => name);
  const isLogged = trace.logs.some(({ spanId }) => spanId === task?.spanId);
  return [
    ...problem(!root || !hasQuery(trace, root), 'the seal is without its query'),
    ...problem(
      task?.name !== 'task seal',
      'the span of the worker is not below that of its caller',
    ),
    ...problem(!steps.includes('stretch'), 'the spans of the computing are missing'),
    ...problem(!isLogged, 'the log line of the worker is missing'),
  ];
}
