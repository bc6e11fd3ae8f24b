import { describe, expect, it } from 'vitest';
import {
  adding,
  auditTrace,
  changing,
  failureTrace,
  graphTrace,
  importTrace,
  joinedTrace,
  liveTraces,
  logLine,
  lookupTrace,
  oneByOneTrace,
  orderTraces,
  profileTrace,
  quoteTrace,
  reportTrace,
  sealTrace,
  span,
  without,
} from './trace-fixtures.js';
import type { DemoRequest } from './demo-requests.js';
import type { ReceivedTrace } from './received-trace.interface.js';
import { findProblems } from './check-traces.js';

type Case = [fact: string, traces: ReceivedTrace[], problem: string];

const KEY = 'user:42';
const [LOOKUP, AUDIT] = [lookupTrace(KEY), auditTrace(KEY)];
const [FAILURE, PROFILE, SEAL] = [failureTrace(KEY), profileTrace(KEY), sealTrace(KEY)];
const [IMPORT, REPORT] = [importTrace(KEY), reportTrace()];
const [ONE_BY_ONE, JOINED] = [oneByOneTrace(), joinedTrace()];
const KEYED = new Set([
  'lookup',
  'failure',
  'profile',
  'seal',
  'import',
  'quote',
  'order',
  'live',
  'graph',
]);
const GRAPH = graphTrace(KEY);
const [LIVE, CONNECTION] = liveTraces(KEY);
const QUOTE = quoteTrace(KEY);
const [ORDER, EVENT] = orderTraces(KEY);

function problemsOf(kind: DemoRequest['kind'], traces: ReceivedTrace[]): readonly string[] {
  const key = KEYED.has(kind) ? { key: KEY } : {};
  return findProblems([{ kind, path: '/', ...key, status: 200 }], traces);
}

describe('findProblems', () => {
  describe('of a lookup', () => {
    it('finds none in a complete one with its audit', () => {
      expect(problemsOf('lookup', [LOOKUP, AUDIT])).toEqual([]);
    });

    it('finds none where the machine was busy, and the watchdog has said so', () => {
      const message = 'The event loop was blocked for 122 ms, in span "GET"';
      const logs = [...LOOKUP.logs, { spanId: 'server', message }];
      expect(problemsOf('lookup', [{ ...LOOKUP, logs }, AUDIT])).toEqual([]);
    });

    it.each<Case>([
      ['nothing arrived', [], '0 traces instead of one'],
      ['it made two traces', [LOOKUP, { ...LOOKUP, traceId: 'c' }, AUDIT], '2 traces'],
      ['the root is missing', [without('handle', LOOKUP), AUDIT], '0 traces instead of one'],
      ['the group is missing', [without('group', LOOKUP), AUDIT], 'group of the shards is not'],
      ['a shard is missing', [without('shard 1', LOOKUP), AUDIT], 'are [0, 2], not [0, 1, 2]'],
      ['a query is missing', [without('query 1', LOOKUP), AUDIT], 'a shard without its query'],
      ['a parent is missing', [adding(span('x', 'lost', 'y'), LOOKUP), AUDIT], 'parent of lost'],
      ['a shard is not ok', [changing('shard 1', { attributes: {} }, LOOKUP), AUDIT], 'is not ok'],
      ['the count is wrong', [changing('group', { attributes: {} }, LOOKUP), AUDIT], 'counts'],
      ['a 404 is an error', [changing('handle', { status: 'ERROR' }, LOOKUP), AUDIT], 'is ERROR'],
      ['a log line strays', [{ ...LOOKUP, logs: [logLine('z')] }, AUDIT], 'names a span that is'],
      ['log lines are missing', [{ ...LOOKUP, logs: [] }, AUDIT], 'log lines are missing'],
      ['the audit is missing', [LOOKUP], 'no audit'],
      ['it was audited twice', [LOOKUP, AUDIT, { ...AUDIT, traceId: 'c' }], 'more than one audit'],
      ['the audit has no link', [LOOKUP, auditTrace(KEY, { links: [] })], 'no link to handle'],
      ['the audit has a parent', [LOOKUP, auditTrace(KEY, { parentSpanId: 'x' })], 'not the root'],
      ['the audit is in the trace', [adding(span('x', 'audit'), LOOKUP), AUDIT], 'of its own'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('lookup', traces).join('\n')).toContain(problem);
    });
  });

  describe('of a lookup in which a shard fails', () => {
    it('finds none where the error went all the way and the siblings were cancelled', () => {
      expect(problemsOf('failure', [FAILURE])).toEqual([]);
    });

    it.each<Case>([
      ['no shard failed', [LOOKUP], 'ended as [ok, ok, ok], not [cancelled, error, cancelled]'],
      ['the shard is no error', [changing('shard 1', { status: 'UNSET' }, FAILURE)], 'is UNSET'],
      ['the group is no error', [changing('group', { status: 'UNSET' }, FAILURE)], 'is UNSET'],
      ['handle is no error', [changing('handle', { status: 'UNSET' }, FAILURE)], 'is UNSET'],
      ['the exception is gone', [changing('shard 1', { events: [] }, FAILURE)], 'its exception'],
      ['the count is wrong', [changing('group', { attributes: {} }, FAILURE)], 'counts wrongly'],
      ['the log line is missing', [{ ...FAILURE, logs: [] }], 'log line of the failure'],
      ['it was audited', [FAILURE, AUDIT], 'a failed lookup has an audit'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('failure', traces).join('\n')).toContain(problem);
    });
  });

  describe('of a profile', () => {
    it('finds none in a complete one', () => {
      expect(problemsOf('profile', [PROFILE])).toEqual([]);
    });

    it.each<Case>([
      ['a child is missing', [without('count audits', PROFILE)], 'are [find last audit, load'],
      ['a query is missing', [without('query of count audits', PROFILE)], 'without its query'],
      ['it is an error', [changing('group', { status: 'ERROR' }, PROFILE)], 'group is ERROR'],
      ['the log line is missing', [{ ...PROFILE, logs: [] }], 'the log line is missing'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('profile', traces).join('\n')).toContain(problem);
    });
  });

  describe('of a seal', () => {
    it('finds none in a complete one', () => {
      expect(problemsOf('seal', [SEAL])).toEqual([]);
    });

    it.each<Case>([
      ['the query is missing', [without('query', SEAL)], 'without its query'],
      ['the worker is missing', [without('task', SEAL)], 'the worker is not below'],
      ['it hangs elsewhere', [changing('task', { parentSpanId: 'root' }, SEAL)], 'not below'],
      ['its parts are missing', [without('stretch', SEAL)], 'spans of the computing'],
      ['its log line is missing', [{ ...SEAL, logs: [] }], 'log line of the worker'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('seal', traces).join('\n')).toContain(problem);
    });
  });

  describe('of an import', () => {
    const outcome = (name: string) => ({ attributes: { 'typeorm.transaction.outcome': name } });

    it('finds none in a transaction that commits without one of its savepoints', () => {
      expect(problemsOf('import', [IMPORT])).toEqual([]);
    });

    it.each<Case>([
      ['it has no transaction', [without('transaction', IMPORT)], 'is not below import'],
      ['it is undone', [changing('transaction', outcome('rolled_back'), IMPORT)], 'not committed'],
      ['nothing is refused', [without('savepoint 2', IMPORT)], 'are [committed, committed], not'],
      ['a query is missing', [without('insert 1', IMPORT)], 'a savepoint without its query'],
      ['no error', [changing('savepoint 2', { status: 'UNSET' }, IMPORT)], 'failed is no error'],
      ['it fails', [changing('transaction', { status: 'ERROR' }, IMPORT)], 'transaction is ERROR'],
      ['no line is there', [{ ...IMPORT, logs: [logLine('server')] }], 'line of the refusal'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('import', traces).join('\n')).toContain(problem);
    });
  });

  describe('of a quote', () => {
    const here = { service: 'lookup' };

    it('finds none where both calls go on in another service', () => {
      expect(problemsOf('quote', [QUOTE])).toEqual([]);
    });

    it.each<Case>([
      ['a call is missing', [without('call for price', QUOTE)], 'below ask for price are []'],
      ['it ends at the call', [without('GET price', QUOTE)], 'below ask for price are [CLIENT]'],
      ['it stays here', [changing('GET price', here, QUOTE)], 'no spans of another service'],
      ['a part is missing', [without('ask for price', QUOTE)], 'are [ask for discount], not'],
      ['its lines are missing', [{ ...QUOTE, logs: [logLine('server')] }], 'of the other service'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('quote', traces).join('\n')).toContain(problem);
    });
  });

  describe('of an order', () => {
    const far = { links: [{ traceId: 'a', spanId: 'server' }] };

    it('finds none if the message is answered and the event heard', () => {
      expect(problemsOf('order', [ORDER, EVENT])).toEqual([]);
    });

    it.each<Case>([
      ['nothing is sent', [without('send', ORDER), EVENT], 'below place order are [PRODUCER]'],
      ['it ends here', [without('answer', ORDER), EVENT], 'no span in the other service'],
      ['the work is missing', [without('reserve', ORDER), EVENT], 'the work of the message'],
      ['nobody hears the event', [ORDER], 'the event has no trace of its own'],
      ['its link leads elsewhere', [ORDER, changing('hear', far, EVENT)], 'no link to who emitted'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('order', traces).join('\n')).toContain(problem);
    });
  });

  describe('of a message of a WebSocket', () => {
    const alone = { links: [] };
    const server = { kind: 'SERVER' };

    it('finds none if the lookup is in its trace and the trace linked to the connection', () => {
      expect(problemsOf('live', [LIVE, CONNECTION, AUDIT])).toEqual([]);
    });

    it.each<Case>([
      [
        'the root is another one',
        [changing('server', { name: 'x' }, LIVE), CONNECTION],
        'not the root',
      ],
      ['it is a request', [changing('server', server, LIVE), CONNECTION], 'no message that came'],
      [
        'it has no link',
        [changing('server', alone, LIVE), CONNECTION],
        'no link to its connection',
      ],
      ['there is no connection', [LIVE], 'no link to its connection'],
      ['a query is missing', [without('query 1', LIVE), CONNECTION], 'a shard without its query'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('live', [...traces, AUDIT]).join('\n')).toContain(problem);
    });
  });

  describe('of a query of GraphQL', () => {
    const elsewhere = { parentSpanId: 'server' };

    it('finds none if the operation stands between its request and the lookup', () => {
      expect(problemsOf('graph', [GRAPH, AUDIT])).toEqual([]);
    });

    it.each<Case>([
      ['it came otherwise', [changing('server', { name: 'GET /' }, GRAPH)], 'the root is GET /'],
      ['there is no operation', [without('operation', GRAPH)], 'has not one operation'],
      ['the lookup is beside it', [changing('handle', elsewhere, GRAPH)], 'not in the operation'],
      ['a query is missing', [without('query 1', GRAPH)], 'a shard without its query'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('graph', [...traces, AUDIT]).join('\n')).toContain(problem);
    });
  });

  describe('of a report', () => {
    it('finds none if its query is marked as slow', () => {
      expect(problemsOf('report', [REPORT])).toEqual([]);
    });

    it.each<Case>([
      ['the query is missing', [without('query', REPORT)], 'has not one query'],
      ['the mark is missing', [changing('query', { events: [] }, REPORT)], 'not marked as slow'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('report', traces).join('\n')).toContain(problem);
    });
  });

  describe('of lists of keys', () => {
    const extra = span('more', 'SELECT', 'list', { kind: 'CLIENT' });
    const marked = { events: [{ name: 'repeated query' }] };

    it('finds none if the one is marked as N+1, with the number, and the other is one query', () => {
      expect(problemsOf('keys one by one', [ONE_BY_ONE, JOINED])).toEqual([]);
      expect(problemsOf('keys joined', [ONE_BY_ONE, JOINED])).toEqual([]);
    });

    it.each<Case>([
      ['the mark is missing', [changing('list', { events: [] }, ONE_BY_ONE)], 'is not marked'],
      ['the number is wrong', [adding(extra, ONE_BY_ONE)], 'counts 3 of 5 queries'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('keys one by one', traces).join('\n')).toContain(problem);
    });

    it.each<Case>([
      ['the cure has two queries', [adding(extra, JOINED)], '2 queries for the keys'],
      ['the cure is marked', [changing('list', marked, JOINED)], 'no N+1 is marked'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('keys joined', traces).join('\n')).toContain(problem);
    });
  });

  describe('of any request', () => {
    const second = span('second', 'GET', 'server', { kind: 'SERVER' });

    it.each<Case>([
      ['there is no SERVER span', [without('server', REPORT)], 'no SERVER span'],
      ['there are two', [adding(second, REPORT)], 'two SERVER spans'],
      ['it has a parent', [changing('server', { parentSpanId: 'x' }, REPORT)], 'is not the root'],
      ['its line is missing', [{ ...REPORT, logs: [] }], '0 log lines of the request'],
    ])('says so when %s', (_fact, traces, problem) => {
      expect(problemsOf('report', traces).join('\n')).toContain(problem);
    });
  });
});
