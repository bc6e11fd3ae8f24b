import type { DemoRequest } from './demo-requests.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { failureProblems } from './failure-problems.js';
import { graphProblems } from './graph-problems.js';
import { importProblems } from './import-problems.js';
import { joinProblems } from './join-problems.js';
import { joinedProblems, oneByOneProblems } from './keys-problems.js';
import { liveProblems } from './live-problems.js';
import { lookupProblems } from './lookup-problems.js';
import { orderProblems } from './order-problems.js';
import { profileProblems } from './profile-problems.js';
import { quoteProblems } from './quote-problems.js';
import { reportProblems } from './report-problems.js';
import { requestProblems } from './request-problems.js';
import { sealProblems } from './seal-problems.js';
import { hasAttribute, named } from './trace-parts.js';

/** How the trace of a kind of request is found, and what is to be true of it. */
const CHECKS = {
  lookup: { root: 'handle', problems: lookupProblems },
  failure: { root: 'handle', problems: failureProblems },
  profile: { root: 'load profile', problems: profileProblems },
  import: { root: 'import', problems: importProblems },
  report: { root: 'report shards', problems: reportProblems },
  'keys one by one': { root: 'list keys one by one', problems: oneByOneProblems },
  quote: { root: 'quote', problems: quoteProblems },
  order: { root: 'place order', problems: orderProblems },
  'keys joined': { root: 'list keys', problems: joinedProblems },
  seal: { root: 'seal entries', problems: sealProblems },
  live: { root: 'handle', problems: liveProblems },
  graph: { root: 'handle', problems: graphProblems },
} as const;

/** Those that have no SERVER span, or two: their own checks say what is at the root. */
const OTHER_ROOTS: readonly DemoRequest['kind'][] = ['live', 'graph'];

/** What the watchdog says of a busy machine, which is no part of a request. */
const BLOCKED = /^The event loop was blocked/;

/** What is wrong with the traces of these requests, in words; nothing if all is as it should be. */
export function findProblems(
  requests: readonly DemoRequest[],
  received: readonly ReceivedTrace[],
): readonly string[] {
  const traces = received.map(({ logs, ...trace }) => ({
    ...trace,
    logs: logs.filter(({ message }) => !BLOCKED.test(message)),
  }));
  return requests.flatMap((request) => {
    const { root, problems } = CHECKS[request.kind];
    const found = traces.filter((trace) => isOf(request.key, root, trace));
    const [trace] = found;
    if (!trace || found.length > 1)
      return [`${request.path}: ${found.length} traces instead of one`];
    const all = [
      ...(OTHER_ROOTS.includes(request.kind) ? [] : requestProblems(trace)),
      ...problems(request, trace, traces),
      ...joinProblems(trace),
    ];
    return all.map((problem) => `${request.path}: ${problem} (trace ${trace.traceId})`);
  });
}

function isOf(key: string | undefined, root: string, trace: ReceivedTrace): boolean {
  return named(trace, root).some((span) => hasAttribute(span, 'request.key', key));
}
