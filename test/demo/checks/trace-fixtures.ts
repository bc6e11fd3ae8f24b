import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';

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
    service: 'lookup',
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
  const handle = span('handle', 'handle', 'server', { attributes: { 'request.key': key } });
  const group = span('group', 'query shards', 'handle', { attributes: counts(3, 0, 0) });
  return requestTrace([handle, group, ...shards], ['handle', 'shard 0', 'shard 1', 'shard 2']);
}

/** A lookup that a query of GraphQL asks for. */
export function graphTrace(key: string): ReceivedTrace {
  const trace = lookupTrace(key);
  const request = changing('server', { name: 'POST /graphql' }, trace);
  const operation = span('operation', 'query', 'server', { kind: 'SERVER' });
  const { spans, logs, traceId } = changing('handle', { parentSpanId: 'operation' }, request);
  return { traceId, spans: [...spans, operation], logs };
}

/** A lookup that a message asks for, and the connection that it came by, in the second trace. */
export function liveTraces(key: string): [message: ReceivedTrace, connection: ReceivedTrace] {
  const { spans, logs, traceId } = lookupTrace(key);
  const links = [{ traceId: 'c', spanId: 'connect' }];
  const root = span('server', 'process lookup', undefined, { kind: 'CONSUMER', links });
  const rest = spans.filter(({ spanId }) => spanId !== 'server');
  const connect = span('connect', 'connect LiveGateway', undefined, { kind: 'SERVER' });
  return [
    { traceId, spans: [root, ...rest], logs: logs.filter(({ spanId }) => spanId !== 'server') },
    { traceId: 'c', spans: [connect], logs: [] },
  ];
}

/** A lookup in which shard 1 fails. */
export function failureTrace(key: string): ReceivedTrace {
  const attributes = { 'request.key': key };
  const spans = [
    span('handle', 'handle', 'server', { attributes, ...ERROR }),
    span('group', 'query shards', 'handle', { attributes: counts(0, 1, 2), ...ERROR }),
    shardSpan(1, 'error', ERROR),
    shardSpan(0, 'cancelled', { status: 'ERROR' }),
    shardSpan(2, 'cancelled', { status: 'ERROR' }),
  ];
  return requestTrace(spans, ['shard 1']);
}

/** A profile whose parts all came. */
export function profileTrace(key: string): ReceivedTrace {
  const attributes = { 'request.key': key, ...counts(3, 0, 0) };
  const tasks = ['load entries', 'count audits', 'find last audit'].flatMap((name) => [
    span(name, name, 'group'),
    span(`query of ${name}`, 'SELECT', name, { kind: 'CLIENT' }),
  ]);
  const group = span('group', 'load profile', 'server', { attributes });
  return requestTrace([group, ...tasks], ['group']);
}

/** A quote whose two parts come from another service. */
export function quoteTrace(key: string): ReceivedTrace {
  const there = { service: 'pricing' };
  const calls = ['price', 'discount'].flatMap((part) => [
    span(`ask for ${part}`, `ask for ${part}`, 'quote'),
    span(`call for ${part}`, 'GET', `ask for ${part}`, { kind: 'CLIENT' }),
    span(`GET ${part}`, `GET /${part}`, `call for ${part}`, { kind: 'SERVER', ...there }),
    span(`find ${part}`, `find ${part}`, `GET ${part}`, there),
  ]);
  const quote = span('quote', 'quote', 'server', { attributes: { 'request.key': key } });
  return requestTrace([quote, ...calls], ['find price', 'find discount']);
}

/** An order: another service answers a message and hears of an event, in the second trace. */
export function orderTraces(key: string): [order: ReceivedTrace, event: ReceivedTrace] {
  const there = { service: 'pricing' };
  const attributes = { 'request.key': key };
  const order = requestTrace([
    span('place', 'place order', 'server', { attributes }),
    span('send', 'stock.reserve', 'place', { kind: 'CLIENT' }),
    span('answer', 'stock.reserve', 'send', { kind: 'SERVER', ...there }),
    span('reserve', 'reserve one', 'answer', { attributes, ...there }),
    span('emit', 'send order.placed', 'place', { kind: 'PRODUCER' }),
  ]);
  const links = [{ traceId: 'a', spanId: 'emit' }];
  const event = span('hear', 'process order.placed', undefined, { kind: 'CONSUMER', links });
  const work = span('pick', 'pick one', 'hear', { attributes });
  return [order, { traceId: 'b', spans: [event, work], logs: [logLine('pick')] }];
}

/** An import whose last entry is refused. */
export function importTrace(key: string): ReceivedTrace {
  const savepoints = ['committed', 'committed', 'rolled_back'].flatMap((outcome, index) => [
    transactionSpan('savepoint', `savepoint ${index}`, 'transaction', outcome),
    span(`insert ${index}`, 'INSERT', `savepoint ${index}`, { kind: 'CLIENT' }),
  ]);
  const work = span('import', 'import', 'server', { attributes: { 'request.key': key } });
  const transaction = transactionSpan('transaction', 'transaction', 'import', 'committed');
  return requestTrace([work, transaction, ...savepoints], ['transaction']);
}

/** A report, whose one query is slow. */
export function reportTrace(): ReceivedTrace {
  const events = [{ name: 'slow query' }];
  const query = span('query', 'SELECT', 'report', { kind: 'CLIENT', events });
  return requestTrace([span('report', 'report shards', 'server'), query]);
}

/** A list of three keys, by one query and one more for each of them. */
export function oneByOneTrace(): ReceivedTrace {
  const queries = [0, 1, 2, 3].map((index) =>
    span(`query ${index}`, 'SELECT', 'list', { kind: 'CLIENT' }),
  );
  const events = [{ name: 'repeated query', attributes: { 'typeorm.query.count': 3 } }];
  const list = span('list', 'list keys one by one', 'server', { events });
  return requestTrace([list, ...queries]);
}

/** A list of keys, by one query. */
export function joinedTrace(): ReceivedTrace {
  const query = span('query', 'SELECT', 'list', { kind: 'CLIENT' });
  return requestTrace([span('list', 'list keys', 'server'), query]);
}

/** A seal that a worker computed. */
export function sealTrace(key: string): ReceivedTrace {
  const spans = [
    span('root', 'seal entries', 'server', { attributes: { 'request.key': key } }),
    span('query', 'SELECT', 'root', { kind: 'CLIENT' }),
    span('offload', 'offload seal', 'root'),
    span('task', 'task seal', 'offload'),
    span('stretch', 'stretch', 'task'),
  ];
  return requestTrace(spans, ['task']);
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

/** The trace of a request: its SERVER span, those of its work, and the log lines of both. */
function requestTrace(work: ReceivedSpan[], lines: string[] = []): ReceivedTrace {
  const server = span('server', 'GET', undefined, { kind: 'SERVER' });
  return { traceId: 'a', spans: [server, ...work], logs: ['server', ...lines].map(logLine) };
}

function transactionSpan(name: string, id: string, parent: string, outcome: string): ReceivedSpan {
  const status = outcome === 'committed' ? 'UNSET' : 'ERROR';
  return span(id, name, parent, {
    status,
    attributes: { 'typeorm.transaction.outcome': outcome },
  });
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
