import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';
import { describeWithService, findRedis } from '../support/services.js';
import * as jobs from './fixtures/jobs.task.mjs';
import { Stage, until, untilThere } from './support/stage.js';

const STALLS = { lockMillis: 1000, stalledIntervalMillis: 250 };

describeWithService(await findRedis(), 'hosts that export their spans themselves', () => {
  let stage: Stage;
  let collector: OtlpCollector;
  beforeEach(async () => {
    stage = new Stage();
    collector = await OtlpCollector.start();
  });
  afterEach(async () => {
    await stage.close();
    await collector.close();
  });

  const nestHost = (options: object = {}, scheduleDelayMillis = 50) =>
    stage.host(
      { endpoint: collector.url, batch: { scheduleDelayMillis }, runOn: 'process', ...options },
      'nest-host',
    );
  const attempts = () => collector.named('process offload');

  it('Q13 a host that is told to stop finishes what runs, then flushes', async () => {
    const host = await nestHost({}, 60_000);
    const app = await stage.caller();
    const file = await stage.file('running');
    const call = app.tracing.offload(jobs.wait, { millis: 800, file });
    await untilThere(file);
    expect(attempts()).toHaveLength(0);
    await host.end('SIGTERM');
    expect(await call).toBe(Number(await readFile(file, 'utf8')));
    const { traceId, spanId } = app.spans.one('offload wait').spanContext();
    expect(attempts()).toMatchObject([{ traceId, parentSpanId: spanId }]);
    expect(collector.names).toEqual(['task wait', 'process offload']);
    expect(host.errors()).toBe('');
  });

  it('a host that is killed is reported by the one that takes over, below the same caller', async () => {
    const host = await nestHost(STALLS);
    const app = await stage.caller();
    const file = await stage.file('running');
    const call = app.tracing.offload(jobs.wait, { millis: 300, file });
    await untilThere(file);
    await host.end('SIGKILL');
    const next = await nestHost(STALLS);
    expect(await call).not.toBe(0);
    await until(() => attempts().length === 2);
    expect(attempts().map((span) => span.attributes['async.task.outcome'])).toEqual([
      'abandoned',
      undefined,
    ]);
    const clients = attempts().map((span) => String(span.attributes['messaging.client.id']));
    expect(clients[0]).toContain(`:${host.pid}`);
    expect(clients[1]).toContain(`:${next.pid}`);
    const { spanId } = app.spans.one('offload wait').spanContext();
    expect(attempts().map((span) => span.parentSpanId)).toEqual([spanId, spanId]);
  });

  it('hosts of one process share what brings spans home, and one of them may close', async () => {
    await stage.host({ closes: 'second' });
    const app = await stage.caller();
    await app.tracing.offload(jobs.nested, 0);
    expect(app.spans.tree()).toBe(
      'offload nested\n  process offload\n    task nested\n      outer',
    );
  });
});
