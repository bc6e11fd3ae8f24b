import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';

const SHARDS = '0, 1, 2';

/** What is wrong with the traces of the requests for `keys`, in words; nothing if all is as it should be. */
export function findProblems(
  keys: readonly string[],
  traces: readonly ReceivedTrace[],
): readonly string[] {
  return keys.flatMap((key) => {
    const found = traces.filter(({ spans }) => spanOf(spans, 'handle', 'request.key', key));
    const [trace] = found;
    if (!trace || found.length > 1) return [`${key}: ${found.length} traces instead of one`];
    return [...requestProblems(trace), ...auditProblems(key, trace, traces)].map(
      (problem) => `${key}: ${problem} (trace ${trace.traceId})`,
    );
  });
}

function requestProblems(trace: ReceivedTrace): string[] {
  const [handle] = named(trace, 'handle');
  const shards = named(trace, 'query_shard').filter(
    ({ parentSpanId }) => parentSpanId === handle?.spanId,
  );
  const numbers = shards.map(shardNumber).toSorted(compareNumbers).join(', ');
  return [
    ...problem(numbers !== SHARDS, `the shards under handle are [${numbers}], not [${SHARDS}]`),
    ...problem(!shards.every((shard) => hasQuery(trace, shard)), 'a shard without its query'),
    ...problem(named(trace, 'audit').length > 0, 'the audit is not in a trace of its own'),
    ...problem(handle?.status !== 'UNSET', `the status of handle is ${handle?.status}`),
    ...problem(trace.logs.length < shards.length + 1, 'log lines are missing'),
    ...joinProblems(trace),
  ];
}

function auditProblems(
  key: string,
  { traceId, spans }: ReceivedTrace,
  traces: readonly ReceivedTrace[],
): string[] {
  const trace = traces.find((other) => spanOf(other.spans, 'audit', 'audit.key', key));
  if (!trace) return ['no audit'];
  const [audit] = named(trace, 'audit');
  const handle = spans.find(({ name }) => name === 'handle');
  const isLinked = audit?.links.some(
    (link) => link.traceId === traceId && link.spanId === handle?.spanId,
  );
  return [
    ...problem(audit?.parentSpanId !== undefined, 'the audit is not the root of its trace'),
    ...problem(!isLinked, 'the audit has no link to handle'),
    ...problem(!audit || !hasQuery(trace, audit), 'the audit is without its query'),
    ...problem(trace.logs.length === 0, 'the log line of the audit is missing'),
    ...joinProblems(trace),
  ];
}

/** Every parent is there, and so is every span that a log line names. */
function joinProblems({ spans, logs }: ReceivedTrace): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId));
  const strays = logs.filter(({ spanId }) => !ids.has(spanId));
  return [
    ...orphans.map(({ name }) => `the parent of ${name} is missing`),
    ...strays.map(({ message }) => `the log line "${message}" names a span that is missing`),
  ];
}

function named({ spans }: ReceivedTrace, name: string): ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

function spanOf(spans: readonly ReceivedSpan[], name: string, attribute: string, value: string) {
  return spans.find((span) => span.name === name && span.attributes[attribute] === value);
}

function shardNumber({ attributes }: ReceivedSpan): number {
  return Number(attributes['db.shard']);
}

function compareNumbers(one: number, other: number): number {
  return one - other;
}

function hasQuery({ spans }: ReceivedTrace, parent: ReceivedSpan): boolean {
  return spans.some(
    ({ kind, parentSpanId }) => kind === 'CLIENT' && parentSpanId === parent.spanId,
  );
}

function problem(isWrong: boolean, text: string): string[] {
  return isWrong ? [text] : [];
}
