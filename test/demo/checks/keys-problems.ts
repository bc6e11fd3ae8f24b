import type { DemoRequest } from './demo-requests.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { hasEvent, named, problem, queriesOf } from './trace-parts.js';

const REPEATED = 'repeated query';

/** What is wrong with a list of keys that asks for each of them: its span tells how often. */
export function oneByOneProblems(_request: DemoRequest, trace: ReceivedTrace): string[] {
  const [list] = named(trace, 'list keys one by one');
  const queries = queriesOf(trace, list);
  const event = list?.events.find(({ name }) => name === REPEATED);
  const count = Number(event?.attributes?.['typeorm.query.count']);
  return [
    ...problem(!event, 'the N+1 is not marked'),
    ...problem(
      event !== undefined && count !== queries.length - 1,
      `the N+1 counts ${count} of ${queries.length} queries`,
    ),
  ];
}

/** What is wrong with a list of keys that one query brings. */
export function joinedProblems(_request: DemoRequest, trace: ReceivedTrace): string[] {
  const [list] = named(trace, 'list keys');
  const queries = queriesOf(trace, list);
  return [
    ...problem(queries.length !== 1, `${queries.length} queries for the keys instead of one`),
    ...problem(hasEvent(list, REPEATED), 'what is no N+1 is marked as one'),
  ];
}
