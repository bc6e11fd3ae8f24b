import { afterAll, beforeAll, expect, it } from 'vitest';
import { DemoProcess } from '../support/demo-process.js';
import { OtlpCollector } from '../support/otlp-collector.js';
import { startPglite, type EmbeddedPostgres } from '../support/pglite.js';

let collector: OtlpCollector;
let postgres: EmbeddedPostgres;
let demo: DemoProcess;

beforeAll(async () => {
  collector = await OtlpCollector.start();
  postgres = await startPglite();
  demo = DemoProcess.service('main.js', {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    DATABASE_URL: postgres.url,
    NODE_ENV: 'development',
  });
  const url = await demo.url();
  for (const path of ['freed', 'blocked']) await fetch(`${url}/${path}/user:42`);
  await demo.end('SIGTERM');
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await collector.close();
});

it('names the span that blocks the loop, its line in the log, and none where a thread does it', () => {
  const [blocked] = collector.named('digest on the loop');
  const [freed] = collector.named('digest on a thread');
  expect(Number(blocked?.attributes['event_loop.blocked_ms'])).toBeGreaterThan(300);
  expect(freed?.attributes).not.toHaveProperty('event_loop.blocked_ms');
  const line = demo.logs.find(({ msg }) => msg.includes('by digest ('));
  expect(line?.msg).toMatch(/digest\.js:\d+\), in span "digest on the loop"/);
  expect([line?.trace_id, line?.span_id]).toEqual([blocked?.traceId, blocked?.spanId]);
});
