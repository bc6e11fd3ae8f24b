import type { DemoRequest } from './demo-requests.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { hasEvent, named, problem, queriesOf } from './trace-parts.js';

/** What is wrong with a report, whose one query is marked as slow. */
export function reportProblems(_request: DemoRequest, trace: ReceivedTrace): string[] {
  const [query, ...more] = queriesOf(trace, named(trace, 'report shards')[0]);
  return [
    ...problem(!query || more.length > 0, 'the report has not one query'),
    ...problem(!hasEvent(query, 'slow query'), 'the query of the report is not marked as slow'),
  ];
}
