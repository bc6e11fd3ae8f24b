import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OtlpCollector, type CollectedSpan } from '../support/otlp-collector.js';
import { DemoProcess } from '../support/demo-process.js';
import { startPglite, type EmbeddedPostgres } from '../support/pglite.js';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';
import { DATABASE_PATHS, itShowsWhatBecomesOfStatements } from './database-scenes.js';
import {
  childrenOf,
  countsOf,
  exceptionsOf,
  factsOf,
  factsOfLine,
  outcomeOf,
  shardOf,
} from './span-facts.js';

const KEYS = ['user:1', 'user:7', 'user:42', 'missing'];
const LOOKUPS = [...KEYS, 'broken'].map((key) => `/lookup/${key}`);
const PATHS = [...LOOKUPS, '/profile/user:42', '/seal/user:42'];
const SHARDS = [0, 1, 2];

function suite(databaseUrl: () => string): void {
  let collector: OtlpCollector;
  let demo: DemoProcess;
  let statuses: number[];
  let bodies: unknown[];
  let end: Awaited<ReturnType<DemoProcess['end']>>;

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    demo = DemoProcess.service('main.js', {
      DATABASE_URL: databaseUrl(),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    const url = await demo.url();
    const responses = await Promise.all(PATHS.map((path) => fetch(`${url}${path}`)));
    statuses = responses.map(({ status }) => status);
    bodies = await Promise.all(responses.map((response) => response.json()));
    for (const [method, path] of DATABASE_PATHS) {
      await (await fetch(`${url}${path}`, { method })).text();
    }
    end = await demo.end('SIGTERM');
  });

  afterAll(() => collector.close());

  function handleOf(key: string): CollectedSpan {
    const handles = collector
      .named('handle')
      .filter(({ attributes }) => attributes['request.key'] === key);
    expect(handles).toHaveLength(1);
    return handles[0]!;
  }

  /** The one group of the shards below `handle`. */
  function groupOf(handle: CollectedSpan): CollectedSpan {
    const children = childrenOf(collector, handle);
    expect(children.map(({ name }) => name)).toEqual(['query shards']);
    return children[0]!;
  }

  function shardsOf(handle: CollectedSpan): CollectedSpan[] {
    return collector
      .childrenOf(groupOf(handle))
      .toSorted((one, other) => shardOf(one) - shardOf(other));
  }

  it('answers what the shards know, 404 for what they do not, and 503 if one fails', () => {
    expect(statuses).toEqual([200, 200, 200, 404, 503, 200, 200]);
    expect(bodies[4]).toMatchObject({ message: 'Shard 1 is unavailable.', statusCode: 503 });
    expect(bodies[5]).toMatchObject({ key: 'user:42', values: { length: SHARDS.length } });
  });

  it('gives each request one trace with a group of three shard spans under handle', () => {
    const handles = [...KEYS, 'broken'].map(handleOf);
    expect(collector.named('handle')).toHaveLength(handles.length);
    expect(new Set(handles.map(({ traceId }) => traceId)).size).toBe(handles.length);
    for (const handle of handles) {
      const shards = shardsOf(handle);
      expect(shards.map(({ name }) => name)).toEqual(SHARDS.map(() => 'queryShard'));
      expect(shards.map(shardOf)).toEqual(SHARDS);
    }
  });

  it('gives each shard its own query', () => {
    for (const shard of KEYS.map(handleOf).flatMap(shardsOf)) {
      expect(outcomeOf(shard)).toBe('ok');
      const queries = childrenOf(collector, shard);
      expect(queries.map(({ kind }) => kind)).toEqual(['SPAN_KIND_CLIENT']);
      expect(queries[0]?.attributes['db.query.text']).toContain('lookup_demo_entries');
    }
  });

  it('shows which shard failed, and that its siblings were cancelled before their queries', () => {
    const handle = handleOf('broken');
    const [one, failed, other] = shardsOf(handle) as [CollectedSpan, CollectedSpan, CollectedSpan];
    for (const span of [handle, groupOf(handle), failed]) {
      expect(span.status?.code).toBe('STATUS_CODE_ERROR');
      expect(exceptionsOf(span)).toEqual(['ShardUnavailableException']);
    }
    expect([one, failed, other].map(outcomeOf)).toEqual(['cancelled', 'error', 'cancelled']);
    expect([one, other].flatMap(exceptionsOf)).toEqual([]);
    expect([one, failed, other].flatMap((shard) => childrenOf(collector, shard))).toEqual([]);
  });

  it('counts on the group how its shards ended', () => {
    expect(countsOf(groupOf(handleOf('user:42')))).toEqual({ total: 3, ok: 3 });
    expect(countsOf(groupOf(handleOf('broken')))).toEqual({ total: 3, error: 1, cancelled: 2 });
  });

  it('loads a profile in one group of three differently named children', () => {
    const [profile, ...more] = collector.named('load profile');
    expect(more).toEqual([]);
    const tasks = childrenOf(collector, profile!);
    const names = new Set(tasks.map(({ name }) => name));
    expect(names).toEqual(new Set(['load entries', 'count audits', 'find last audit']));
    for (const task of tasks) {
      const kinds = childrenOf(collector, task).map(({ kind }) => kind);
      expect(kinds).toEqual(['SPAN_KIND_CLIENT']);
    }
    expect(countsOf(profile!)).toEqual({ total: 3, ok: 3 });
  });

  it('computes a seal in a worker, whose spans and log line hang under the request', () => {
    expect(bodies[6]).toEqual({ key: 'user:42', seal: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const [request] = collector.named('seal entries');
    const offload = collector.childrenOf(request!).find(({ name }) => name === 'offload seal');
    const [task, ...others] = collector.childrenOf(offload!);
    expect([task?.name, ...others]).toEqual(['task seal']);
    const steps = collector.childrenOf(task!).map(({ name }) => name);
    expect(steps).toEqual(SHARDS.map(() => 'stretch'));
    const line = demo.logs.find(({ msg }) => msg === 'values sealed');
    expect([line?.trace_id, line?.span_id]).toEqual([request?.traceId, task?.spanId]);
    expect(task?.attributes['async.offload.thread']).not.toBe(0);
  });

  it('puts each audit alone in a trace of its own, linked to its handle', () => {
    for (const key of KEYS) {
      const handle = handleOf(key);
      const audits = collector
        .named('audit')
        .filter(({ attributes }) => attributes['audit.key'] === key);
      expect(audits).toHaveLength(1);
      const [audit] = audits as [CollectedSpan];
      expect(audit.parentSpanId ?? '').toBe('');
      expect(audit.links).toMatchObject([{ traceId: handle.traceId, spanId: handle.spanId }]);
      const [insert, ...more] = childrenOf(collector, audit);
      expect(more).toEqual([]);
      expect(insert?.attributes['db.query.text']).toContain('INSERT');
      expect(collector.named('audit').filter(({ traceId }) => traceId === audit.traceId)).toEqual([
        audit,
      ]);
    }
  });

  it('audits no request that failed', () => {
    const keys = collector.named('audit').map(({ attributes }) => attributes['audit.key']);
    expect(new Set(keys)).toEqual(new Set(KEYS));
  });

  it('leaves the status unset, of the expected 404 too', () => {
    const statusCodes = KEYS.map((key) => handleOf(key).status?.code);
    expect(statusCodes.filter((code) => code && code !== 'STATUS_CODE_UNSET')).toEqual([]);
  });

  it('writes the ids of its own span on every log line', () => {
    const lines = demo.logs.filter(({ msg }) => /^shard|^audit|^profile/.test(msg));
    expect(lines).toHaveLength(KEYS.length * (SHARDS.length + 2) + 2);
    for (const line of lines) {
      const span = collector.spans.find(({ spanId }) => spanId === line.span_id);
      expect(span?.traceId).toBe(line.trace_id);
      expect(span && factsOf(span)).toEqual(factsOfLine(line));
    }
  });

  itShowsWhatBecomesOfStatements(() => collector);

  it('closes each request with one line, under its SERVER span', () => {
    const servers = collector.spans.filter(({ kind }) => kind === 'SPAN_KIND_SERVER');
    const lines = demo.logs.filter(({ msg }) => msg.startsWith('request '));
    expect(new Set(lines.map(({ span_id }) => span_id))).toEqual(
      new Set(servers.map(({ spanId }) => spanId)),
    );
    expect(lines.map(({ msg }) => msg).filter((msg) => msg !== 'request completed')).toEqual([
      'request errored',
    ]);
    expect(lines).toHaveLength(PATHS.length + DATABASE_PATHS.length);
  });

  it('loses no span on SIGTERM and ends by that signal', () => {
    expect(end).toEqual({ code: null, signal: 'SIGTERM' });
    const ids = new Set(collector.spans.map(({ spanId }) => spanId));
    const orphans = collector.spans.filter(
      ({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId),
    );
    expect(orphans).toEqual([]);
    expect(collector.named('audit')).toHaveLength(KEYS.length);
  });
}

describe('the demo on embedded PostgreSQL, over the wire to a collector that is not ours', () => {
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    postgres = await startPglite();
  });
  afterAll(() => postgres.stop());

  suite(() => postgres.url);
});

describe('the demo without a database', () => {
  it('does not start, and says what is missing', async () => {
    const demo = DemoProcess.service('main.js', {});
    expect(await demo.end()).toEqual({ code: 1, signal: null });
    expect(demo.errors).toContain('DATABASE_URL is not set');
  });
});

const { host, port, username, database } = POSTGRES;
const DATABASE_URL = `postgres://${username}@${host}:${port}/${database}`;

describeWithService(await findPostgres(), 'the demo on a PostgreSQL server', () => {
  suite(() => DATABASE_URL);

  it('has stored an audit row for each lookup that did not fail', async () => {
    const client = new Client({ connectionString: DATABASE_URL });
    await client.connect();
    const { rows } = await client.query<{ key: string }>(
      'SELECT key FROM lookup_demo_audits ORDER BY id DESC LIMIT 4',
    );
    await client.query('DROP TABLE lookup_demo_audits, lookup_demo_entries, lookup_demo_keys');
    await client.end();
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(KEYS));
  });
});
