import { afterAll, beforeAll, expect, it } from 'vitest';
import { DemoProcess } from '../support/demo-process.js';
import { OtlpCollector, type CollectedSpan } from '../support/otlp-collector.js';
import { startPglite, type EmbeddedPostgres } from '../support/pglite.js';
import { describeWithService, findRedis, REDIS } from '../support/services.js';

/** A database of its own, so that no other demo takes its jobs. */
const REDIS_URL = `redis://${REDIS.host}:${REDIS.port}/9`;

describeWithService(await findRedis(), 'the demo with REDIS_URL', () => {
  let collector: OtlpCollector;
  let postgres: EmbeddedPostgres;
  let answer: unknown;
  let lines: DemoProcess['logs'];

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    postgres = await startPglite();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, REDIS_URL };
    const sealing = DemoProcess.service('sealing/main.js', env);
    const lookup = DemoProcess.service('main.js', { ...env, DATABASE_URL: postgres.url });
    await sealing.url();
    answer = await (await fetch(`${await lookup.url()}/seal/user:42`)).json();
    await lookup.end('SIGTERM');
    await sealing.end('SIGTERM');
    lines = sealing.logs;
  }, 60_000);
  afterAll(async () => {
    await postgres.stop();
    await collector.close();
  });

  const only = (spans: readonly CollectedSpan[]): CollectedSpan => {
    expect(spans).toHaveLength(1);
    return spans[0]!;
  };

  it('computes the seal in the other service, in the same trace', () => {
    expect(answer).toEqual({ key: 'user:42', seal: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const offload = only(collector.named('offload seal'));
    const attempt = only(collector.childrenOf(offload));
    const task = only(collector.childrenOf(attempt));
    const facts = [offload, attempt, task].map(({ service, kind, name }) => [service, kind, name]);
    expect(facts).toEqual([
      ['lookup-demo', 'SPAN_KIND_INTERNAL', 'offload seal'],
      ['sealing-demo', 'SPAN_KIND_CONSUMER', 'process demo'],
      ['sealing-demo', 'SPAN_KIND_INTERNAL', 'task seal'],
    ]);
    const steps = collector.childrenOf(task).map(({ name }) => name);
    expect(steps).toEqual(['stretch', 'stretch', 'stretch']);
    expect(only(collector.named('GET /seal/:key')).traceId).toBe(task.traceId);
    const line = lines.find(({ msg }) => msg === 'values sealed');
    expect([line?.trace_id, line?.span_id]).toEqual([task.traceId, task.spanId]);
  });
});
