import type { DemoRequest } from './demo-requests.js';
import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';
import { childrenOf, groupProblems, named, problem, workLines } from './trace-parts.js';

const TASKS = 'ask for discount, ask for price';

/** What is wrong with a quote, both of whose parts another service answers, in the same trace. */
export function quoteProblems(_request: DemoRequest, trace: ReceivedTrace): string[] {
  const [quote] = named(trace, 'quote');
  const tasks = childrenOf(trace, quote);
  return [
    ...groupProblems(tasks, TASKS),
    ...tasks.flatMap((task) => callProblems(trace, task, quote?.service)),
    ...problem(workLines(trace).length !== 2, 'the log lines of the other service are missing'),
  ];
}

/** A call is a CLIENT span here, right above a SERVER span there, right above the work. */
function callProblems(trace: ReceivedTrace, task: ReceivedSpan, here?: string): string[] {
  const [client] = childrenOf(trace, task);
  const [server] = childrenOf(trace, client);
  const [work] = childrenOf(trace, server);
  const kinds = [client, server, work].flatMap((span) => (span ? [span.kind] : [])).join(', ');
  const isThere = server?.service !== here && work?.service === server?.service;
  return [
    ...problem(kinds !== 'CLIENT, SERVER, INTERNAL', `below ${task.name} are [${kinds}]`),
    ...problem(!isThere, `${task.name} has no spans of another service`),
  ];
}
