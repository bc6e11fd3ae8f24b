import type { DemoRequest } from './demo-requests.js';
import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';
import { auditsOf } from './audit-problems.js';
import { shardGroup, shardProblems, shardsOf } from './shard-problems.js';
import { hasEvent, named, outcomeOf, problem, tasksOf, workLines } from './trace-parts.js';

const OUTCOMES = 'cancelled, error, cancelled';

/** What is wrong with a lookup in which shard 1 fails: it is an error, and the others are called off. */
export function failureProblems(
  { key }: DemoRequest,
  trace: ReceivedTrace,
  traces: readonly ReceivedTrace[],
): string[] {
  const outcomes = shardsOf(trace).map(outcomeOf).join(', ');
  const audits = auditsOf(key, traces);
  return [
    ...shardProblems(trace),
    ...problem(outcomes !== OUTCOMES, `the shards ended as [${outcomes}], not [${OUTCOMES}]`),
    ...problem(tasksOf(shardGroup(trace), 'cancelled') !== 2, 'the group counts wrongly'),
    ...failedSpans(trace).flatMap(errorProblems),
    ...problem(workLines(trace).length === 0, 'the log line of the failure is missing'),
    ...problem(audits.length > 0, 'a failed lookup has an audit'),
  ];
}

/** The way of the error: from its shard to the caller. */
function failedSpans(trace: ReceivedTrace): (ReceivedSpan | undefined)[] {
  return [shardsOf(trace)[1], shardGroup(trace), named(trace, 'handle')[0]];
}

function errorProblems(span: ReceivedSpan | undefined): string[] {
  if (!span) return [];
  return [
    ...problem(span.status !== 'ERROR', `the status of ${span.name} is ${span.status}`),
    ...problem(!hasEvent(span, 'exception'), `${span.name} is without its exception`),
  ];
}
