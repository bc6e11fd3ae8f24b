import type { ReceivedSpan, ReceivedTrace } from '../start/received-trace.interface.js';

const EXCEPTION = [{ name: 'exception' }];
const ERROR = { status: 'ERROR', events: EXCEPTION } as const;

/** A span as it should be, for `fields` to spoil. */
export function span(
  spanId: string,
  name: string,
  parentSpanId?: string,
  fields: Partial<ReceivedSpan> = {},
): ReceivedSpan {
  return {
    spanId,
    name,
    kind: 'INTERNAL',
    status: 'UNSET',
    attributes: {},
    events: [],
    links: [],
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...fields,
  };
}

/** A lookup that every shard answers. */
export function lookupTrace(key: string): ReceivedTrace {
  const shards = [0, 1, 2].flatMap((shard) => [
    shardSpan(shard, 'ok'),
    span(`query ${shard}`, 'SELECT', `shard ${shard}`, { kind: 'CLIENT' }),
  ]);
  const handle = span('handle', 'handle', undefined, { attributes: { 'request.key': key } });
  const group = span('group', 'query shards', 'handle', { attributes: counts(3, 0, 0) });
  const logs = ['handle', 'shard 0', 'shard 1', 'shard 2'].map(logLine);
  return { traceId: 'a', spans: [handle, group, ...shards], logs };
}

/** A lookup in which shard 1 fails. */
export function failureTrace(key: string): ReceivedTrace {
  const attributes = { 'request.key': key };
  const spans = [
    span('handle', 'handle', undefined, { attributes, ...ERROR }),
    span('group', 'query shards', 'handle', { attributes: counts(0, 1, 2), ...ERROR }),
    shardSpan(1, 'error', ERROR),
    shardSpan(0, 'cancelled', { status: 'ERROR' }),
    shardSpan(2, 'cancelled', { status: 'ERROR' }),
  ];
  return { traceId: 'a', spans, logs: [logLine('shard 1')] };
}

/** A profile whose parts all came. */
export function profileTrace(key: string): ReceivedTrace {
  const attributes = { 'request.key': key, ...counts(3, 0, 0) };
  const tasks = ['load entries', 'count audits', 'find last audit'].flatMap((name) => [
    span(name, name, 'group'),
    span(`query of ${name}`, 'SELECT', name, { kind: 'CLIENT' }),
  ]);
  const group = span('group', 'load profile', undefined, { attributes });
  return { traceId: 'a', spans: [group, ...tasks], logs: [logLine('group')] };
}

/** The audit of a lookup. */
export function auditTrace(key: string, fields: Partial<ReceivedSpan> = {}): ReceivedTrace {
  const links = [{ traceId: 'a', spanId: 'handle' }];
  const attributes = { 'audit.key': key };
  const audit = span('audit', 'audit', undefined, { attributes, links, ...fields });
  const insert = span('insert', 'INSERT', 'audit', { kind: 'CLIENT' });
  return { traceId: 'b', spans: [audit, insert], logs: [logLine('audit')] };
}

/** The trace without one of its spans. */
export function without(id: string, trace: ReceivedTrace): ReceivedTrace {
  return { ...trace, spans: trace.spans.filter(({ spanId }) => spanId !== id) };
}

/** The trace with one of its spans changed. */
export function changing(
  id: string,
  fields: Partial<ReceivedSpan>,
  trace: ReceivedTrace,
): ReceivedTrace {
  const spans = trace.spans.map((one) => (one.spanId === id ? { ...one, ...fields } : one));
  return { ...trace, spans };
}

/** The trace with one more span. */
export function adding(extra: ReceivedSpan, trace: ReceivedTrace): ReceivedTrace {
  return { ...trace, spans: [...trace.spans, extra] };
}

/** A log line of a span. */
export function logLine(spanId: string): ReceivedTrace['logs'][number] {
  return { spanId, message: 'done' };
}

function shardSpan(shard: number, outcome: string, fields: Partial<ReceivedSpan> = {}) {
  const attributes = { 'db.shard': shard, 'async.task.outcome': outcome };
  return span(`shard ${shard}`, 'queryShard', 'group', { attributes, ...fields });
}

function counts(ok: number, error: number, cancelled: number): Record<string, number> {
  return {
    'async.group.tasks.ok': ok,
    'async.group.tasks.error': error,
    'async.group.tasks.cancelled': cancelled,
  };
}
