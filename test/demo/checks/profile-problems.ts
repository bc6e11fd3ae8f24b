import type { DemoRequest } from './demo-requests.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import {
  childrenOf,
  groupProblems,
  hasQuery,
  named,
  problem,
  tasksOf,
  workLines,
} from './trace-parts.js';

const TASKS = 'count audits, find last audit, load entries';

/** What is wrong with a profile, whose parts are loaded in one group. */
export function profileProblems(_request: DemoRequest, trace: ReceivedTrace): string[] {
  const [group] = named(trace, 'load profile');
  const tasks = childrenOf(trace, group);
  return [
    ...groupProblems(tasks, TASKS),
    ...problem(!tasks.every((task) => hasQuery(trace, task)), 'a child without its query'),
    ...problem(tasksOf(group, 'ok') !== tasks.length, 'the group counts wrongly'),
    ...problem(group?.status !== 'UNSET', `the status of the group is ${group?.status}`),
    ...problem(workLines(trace).length === 0, 'the log line is missing'),
  ];
}
