import { describe, expect, it } from 'vitest';
import {
  adding,
  auditTrace,
  changing,
  failureTrace,
  logLine,
  lookupTrace,
  profileTrace,
  span,
  without,
} from '../../testing/trace-fixtures.js';
import type { DemoRequest } from '../demo-requests.js';
import type { ReceivedTrace } from '../received-trace.interface.js';
import { findProblems } from './check-traces.js';

type Case = [fact: string, traces: ReceivedTrace[], problem: string];

const KEY = 'user:42';
const [LOOKUP, AUDIT] = [lookupTrace(KEY), auditTrace(KEY)];
const [FAILURE, PROFILE] = [failureTrace(KEY), profileTrace(KEY)];

function problemsOf(kind: DemoRequest['kind'], traces: ReceivedTrace[]): readonly string[] {
  return findProblems([{ kind, key: KEY, status: 200 }], traces);
}

describe('findProblems', () => {
  describe('of a lookup', () => {
    it('finds none in a complete one with its audit', () => {
      expect(problemsOf('lookup', [LOOKUP, AUDIT])).toEqual([]);
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
});
