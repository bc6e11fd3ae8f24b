import type { ReceivedTrace } from './received-trace.interface.js';
import { problem } from './trace-parts.js';

/**
 * What is wrong unless the trace has one SERVER span, at its root, with the line of the request. Those
 * below a CLIENT span are of another service.
 */
export function requestProblems({ spans, logs }: ReceivedTrace): string[] {
  const clients = spans.filter(({ kind }) => kind === 'CLIENT').map(({ spanId }) => spanId);
  const [server, ...more] = spans.filter(
    ({ kind, parentSpanId }) => kind === 'SERVER' && !clients.includes(parentSpanId ?? ''),
  );
  if (!server || more.length > 0) return [`${more.length > 0 ? 'two' : 'no'} SERVER spans`];
  const lines = logs.filter(({ spanId }) => spanId === server.spanId);
  return [
    ...problem(server.parentSpanId !== undefined, 'the SERVER span is not the root'),
    ...problem(lines.length !== 1, `${lines.length} log lines of the request instead of one`),
  ];
}
