import type { ReceivedTrace } from './received-trace.interface.js';
import { joinProblems } from './join-problems.js';
import { hasAttribute, hasQuery, named, problem } from './trace-parts.js';

/** The traces in which a lookup of this key is audited. */
export function auditsOf(
  key: string | undefined,
  traces: readonly ReceivedTrace[],
): ReceivedTrace[] {
  return traces.filter((trace) =>
    named(trace, 'audit').some((audit) => hasAttribute(audit, 'audit.key', key)),
  );
}

/** What is wrong unless a lookup has one audit, in a trace of its own that is linked to `handle`. */
export function auditProblems(
  key: string | undefined,
  lookup: ReceivedTrace,
  traces: readonly ReceivedTrace[],
): string[] {
  const [trace, ...more] = auditsOf(key, traces);
  if (!trace || more.length > 0) return [`${trace ? 'more than one' : 'no'} audit`];
  const [audit] = named(trace, 'audit');
  return [
    ...problem(audit?.parentSpanId !== undefined, 'the audit is not the root of its trace'),
    ...problem(!isLinked(trace, lookup), 'the audit has no link to handle'),
    ...problem(!audit || !hasQuery(trace, audit), 'the audit is without its query'),
    ...problem(trace.logs.length === 0, 'the log line of the audit is missing'),
    ...joinProblems(trace),
  ];
}

function isLinked(audited: ReceivedTrace, lookup: ReceivedTrace): boolean {
  const [audit] = named(audited, 'audit');
  const [handle] = named(lookup, 'handle');
  const links = audit?.links ?? [];
  return links.some(
    ({ traceId, spanId }) => traceId === lookup.traceId && spanId === handle?.spanId,
  );
}
