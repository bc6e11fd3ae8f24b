import type { DemoRequest } from './demo-requests.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { auditProblems } from './audit-problems.js';
import { shardGroup, shardProblems, shardsOf } from './shard-problems.js';
import { hasQuery, named, outcomeOf, problem, tasksOf, workLines } from './trace-parts.js';

/** What is wrong with a lookup that every shard answers. */
export function lookupProblems(
  { key }: DemoRequest,
  trace: ReceivedTrace,
  traces: readonly ReceivedTrace[],
): string[] {
  const [handle] = named(trace, 'handle');
  const shards = shardsOf(trace);
  return [
    ...shardProblems(trace),
    ...problem(!shards.every((shard) => hasQuery(trace, shard)), 'a shard without its query'),
    ...problem(!shards.every((shard) => outcomeOf(shard) === 'ok'), 'a shard is not ok'),
    ...problem(tasksOf(shardGroup(trace), 'ok') !== shards.length, 'the group counts wrongly'),
    ...problem(handle?.status !== 'UNSET', `the status of handle is ${handle?.status}`),
    ...problem(workLines(trace).length < shards.length + 1, 'log lines are missing'),
    ...problem(named(trace, 'audit').length > 0, 'the audit is not in a trace of its own'),
    ...auditProblems(key, trace, traces),
  ];
}
