import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OtlpCollector, type CollectedSpan } from '../support/otlp-collector.js';
import { DemoProcess, type DemoLogLine } from '../support/demo-process.js';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';

const KEYS = ['user:1', 'user:7', 'user:42', 'missing'];
const SHARDS = [0, 1, 2];

function suite(env: NodeJS.ProcessEnv): void {
  let collector: OtlpCollector;
  let demo: DemoProcess;
  let statuses: number[];
  let end: Awaited<ReturnType<DemoProcess['end']>>;

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    demo = new DemoProcess('main.js', [], {
      PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ...env,
    });
    const [, url = ''] = await demo.line(/listening on ([^"]+)/);
    const responses = await Promise.all(KEYS.map((key) => fetch(`${url}/lookup/${key}`)));
    statuses = responses.map(({ status }) => status);
    end = await demo.end('SIGTERM');
  });

  afterAll(() => collector.close());

  it('answers what the shards know, and 404 for what they do not', () => {
    expect(statuses).toEqual([200, 200, 200, 404]);
  });

  it('gives each request one trace with three shard spans under handle', () => {
    const handles = collector.named('handle');
    const keys = handles.map(({ attributes }) => attributes['request.key']);
    expect(new Set(keys)).toEqual(new Set(KEYS));
    expect(keys).toHaveLength(KEYS.length);
    expect(new Set(handles.map(({ traceId }) => traceId)).size).toBe(KEYS.length);
    for (const handle of handles) {
      const shards = collector.childrenOf(handle);
      expect(shards.map(({ name }) => name)).toEqual(SHARDS.map(() => 'query_shard'));
      expect(new Set(shards.map(shardOf))).toEqual(new Set(SHARDS));
    }
  });

  it('gives each shard its own query', () => {
    const shards = collector.named('query_shard');
    expect(shards).toHaveLength(KEYS.length * SHARDS.length);
    for (const shard of shards) {
      const queries = collector.childrenOf(shard);
      expect(queries.map(({ kind }) => kind)).toEqual(['SPAN_KIND_CLIENT']);
      expect(queries[0]?.attributes['db.query.text']).toContain('lookup_demo_entries');
    }
  });

  it('puts each audit alone in a trace of its own, linked to its handle', () => {
    for (const handle of collector.named('handle')) {
      const key = handle.attributes['request.key'];
      const audits = collector
        .named('audit')
        .filter(({ attributes }) => attributes['audit.key'] === key);
      expect(audits).toHaveLength(1);
      const [audit] = audits as [CollectedSpan];
      expect(audit.parentSpanId ?? '').toBe('');
      expect(audit.links).toMatchObject([{ traceId: handle.traceId, spanId: handle.spanId }]);
      const inTrace = collector.spans.filter(({ traceId }) => traceId === audit.traceId);
      expect(inTrace).toHaveLength(2);
      expect(collector.childrenOf(audit)[0]?.attributes['db.query.text']).toContain('INSERT');
    }
  });

  it('leaves the status unset, of the expected 404 too', () => {
    const statusCodes = collector.named('handle').map(({ status }) => status?.code);
    expect(statusCodes.filter((code) => code && code !== 'STATUS_CODE_UNSET')).toEqual([]);
  });

  it('writes the ids of its own span on every log line', () => {
    const lines = demo.logs.filter(({ msg }) => /^shard|^audit/.test(msg));
    expect(lines).toHaveLength(KEYS.length * (SHARDS.length + 2));
    for (const line of lines) {
      const span = collector.spans.find(({ spanId }) => spanId === line.span_id);
      expect(span?.traceId).toBe(line.trace_id);
      expect(span && factsOf(span)).toEqual(factsOfLine(line));
    }
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
  suite({});
});

const { host, port, username, database } = POSTGRES;
const DATABASE_URL = `postgres://${username}@${host}:${port}/${database}`;

describeWithService(await findPostgres(), 'the demo on a PostgreSQL server', () => {
  suite({ DATABASE_URL });

  it('has stored an audit row for each request', async () => {
    const client = new Client({ connectionString: DATABASE_URL });
    await client.connect();
    const { rows } = await client.query<{ key: string }>(
      'SELECT key FROM lookup_demo_audits ORDER BY id DESC LIMIT 4',
    );
    await client.query('DROP TABLE lookup_demo_audits, lookup_demo_entries');
    await client.end();
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(KEYS));
  });
});

describe('npm start -- --once', () => {
  it('shows complete traces with their log lines and exits 0', async () => {
    const start = new DemoProcess('start.js', ['--once']);
    const end = await start.end();
    const output = start.lines.join('\n');
    expect(end, output).toEqual({ code: 0, signal: null });
    expect(output).toContain('every trace is complete');
    expect(output).toMatch(/^├─ query_shard .* db\.shard=0$/m);
    expect(output).toMatch(/^├─ ↪ linked to handle in trace [0-9a-f]{8}…$/m);
    expect(output).toMatch(/^│ {2}[├└]─ • INFO {2}shard queried {2}shard=0 rows=1$/m);
  });
});

function shardOf({ attributes }: CollectedSpan): number {
  return Number(attributes['db.shard']);
}

function factsOf(span: CollectedSpan): object {
  if (span.name === 'query_shard') return { name: span.name, shard: shardOf(span) };
  return { name: span.name, key: span.attributes['request.key'] ?? span.attributes['audit.key'] };
}

function factsOfLine({ msg, key, shard }: DemoLogLine): object {
  if (msg === 'shard queried') return { name: 'query_shard', shard };
  return { name: msg === 'shards answered' ? 'handle' : 'audit', key };
}
