import { describe, expect, it } from 'vitest';
import { findProblems } from './check-traces.js';
import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';

const REQUEST = requestTrace();
const AUDIT = auditTrace();

describe('findProblems', () => {
  it('finds none in a complete request with its audit', () => {
    expect(findProblems(['user:42'], [REQUEST, AUDIT])).toEqual([]);
  });

  it.each<[string, ReceivedTrace[], string]>([
    ['nothing arrived', [], '0 traces instead of one'],
    ['the request made two traces', [REQUEST, { ...REQUEST, traceId: 'c' }, AUDIT], '2 traces'],
    ['a shard is missing', [without('shard 1'), AUDIT], 'are [0, 2], not [0, 1, 2]'],
    ['a query is missing', [without('query 1'), AUDIT], 'a shard without its query'],
    ['the root is missing', [without('handle'), AUDIT], '0 traces instead of one'],
    ['a parent is missing', [adding(span('lost', 'lost', 'gone')), AUDIT], 'the parent of lost'],
    ['an expected 404 is an error', [changing('handle', { status: 'ERROR' }), AUDIT], 'is ERROR'],
    ['a log line names an unknown span', [logging('gone'), AUDIT], 'names a span that is missing'],
    ['log lines are missing', [{ ...REQUEST, logs: [] }, AUDIT], 'log lines are missing'],
    ['the audit is missing', [REQUEST], 'no audit'],
    ['the audit has no link', [REQUEST, auditTrace({ links: [] })], 'no link to handle'],
    ['the audit has a parent', [REQUEST, auditTrace({ parentSpanId: 'x' })], 'not the root'],
    ['the audit is in the trace', [adding(span('audit', 'audit')), AUDIT], 'trace of its own'],
  ])('says so when %s', (_case, traces, problem) => {
    expect(findProblems(['user:42'], traces).join('\n')).toContain(problem);
  });
});

function span(
  spanId: string,
  name: string,
  parentSpanId?: string,
  fields: Partial<ReceivedSpan> = {},
): ReceivedSpan {
  const parent = parentSpanId === undefined ? {} : { parentSpanId };
  return {
    spanId,
    name,
    kind: 'INTERNAL',
    status: 'UNSET',
    attributes: {},
    links: [],
    ...parent,
    ...fields,
  };
}

function requestTrace(): ReceivedTrace {
  const shards = [0, 1, 2].flatMap((shard) => [
    span(`shard ${shard}`, 'query_shard', 'handle', { attributes: { 'db.shard': shard } }),
    span(`query ${shard}`, 'SELECT', `shard ${shard}`, { kind: 'CLIENT' }),
  ]);
  const handle = span('handle', 'handle', undefined, { attributes: { 'request.key': 'user:42' } });
  const names = ['handle', 'shard 0', 'shard 1', 'shard 2'];
  const logs = names.map((spanId) => ({ spanId, message: 'done' }));
  return { traceId: 'a', spans: [handle, ...shards], logs };
}

function auditTrace(fields: Partial<ReceivedSpan> = {}): ReceivedTrace {
  const links = [{ traceId: 'a', spanId: 'handle' }];
  const attributes = { 'audit.key': 'user:42' };
  const audit = span('audit', 'audit', undefined, { attributes, links, ...fields });
  const insert = span('insert', 'INSERT', 'audit', { kind: 'CLIENT' });
  return { traceId: 'b', spans: [audit, insert], logs: [{ spanId: 'audit', message: 'written' }] };
}

function without(id: string): ReceivedTrace {
  return { ...REQUEST, spans: REQUEST.spans.filter(({ spanId }) => spanId !== id) };
}

function adding(extra: ReceivedSpan): ReceivedTrace {
  return { ...REQUEST, spans: [...REQUEST.spans, extra] };
}

function changing(id: string, fields: Partial<ReceivedSpan>): ReceivedTrace {
  const spans = REQUEST.spans.map((one) => (one.spanId === id ? { ...one, ...fields } : one));
  return { ...REQUEST, spans };
}

function logging(spanId: string): ReceivedTrace {
  return { ...REQUEST, logs: [...REQUEST.logs, { spanId, message: 'stray' }] };
}
