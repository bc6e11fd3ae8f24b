import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { bound } from '../support/bound.js';
import { FaultCollector } from '../support/fault-collector.js';
import { TracingApp, figure, unaccounted } from '../support/tracing-app.js';

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

describe.each(['grpc', 'http'] as const)('a close over %s', (protocol) => {
  const exporter = `otlp-${protocol}` as const;
  const busy = { code: protocol === 'grpc' ? 14 : 503 };

  it('R8 is not given up for one refused call, however slow the collector is', async () => {
    collector = await FaultCollector.start({ protocol });
    collector.answer = () => ({
      ...(collector.requests.length === 2 ? busy : {}),
      delayMillis: 600,
    });
    app = await TracingApp.start({ exporter, endpoint: collector.url });
    app.end(2000);
    const millis = await app.close();
    figure(`R8 ${protocol}: ${2000 - collector.received} of 2000 lost, ${millis.toFixed()} ms`);
    expect(app.stats).toMatchObject({ exported: 2000, queued: 0 });
    expect(collector.received).toBe(2000);
  });

  it('R8 goes on with 40,000 spans after the one call among them that is refused', async () => {
    collector = await FaultCollector.start({ protocol });
    collector.answer = () => ({
      ...(collector.requests.length === 60 ? busy : {}),
      delayMillis: 40,
    });
    const batch = { maxQueueSize: 65_536 };
    app = await TracingApp.start({ exporter, endpoint: collector.url, batch });
    app.end(40_000);
    await app.close();
    expect(app.stats).toMatchObject({ exported: 40_000, queued: 0 });
    expect(collector.received).toBe(40_000);
  });

  it('R8 outlasts a restart of the collector', async () => {
    collector = await FaultCollector.start({ protocol });
    app = await TracingApp.start({ exporter, endpoint: collector.url });
    app.end(10);
    await app.tracing.flush();
    await collector.close();
    app.end(1000);
    const closing = app.close();
    await sleep(900);
    await collector.listen();
    await closing;
    expect(app.stats).toMatchObject({ exported: 1010, queued: 0 });
  });

  it('R6 ends with its deadline while a collector is always busy, with the books balanced', async () => {
    collector = await FaultCollector.start({ protocol });
    collector.answer = () => (collector.requests.length > 1 ? busy : {});
    const batch = { maxExportBatchSize: 100 };
    const options = { batch, shutdownTimeoutMillis: 1500 };
    app = await TracingApp.start({ exporter, endpoint: collector.url, ...options });
    app.end(500);
    const millis = await app.close();
    figure(`R6 ${protocol}: closed after ${millis.toFixed()} of 1500 ms`);
    expect(millis).toBeGreaterThan(1000);
    expect(millis).toBeLessThan(bound(2000));
    expect(app.stats.exported).toBe(collector.received);
    expect(unaccounted(app.stats)).toBe(0);
  });

  it('R6 does not wait for a moment that lies behind its deadline', async () => {
    collector = await FaultCollector.start({ protocol });
    collector.answer = () => ({ code: protocol === 'grpc' ? 8 : 429, retryAfterMillis: 3_600_000 });
    app = await TracingApp.start({ exporter, endpoint: collector.url });
    app.end(10);
    const millis = await app.close();
    figure(`R6 ${protocol}: closed after ${millis.toFixed()} of 10000 ms`);
    expect(millis).toBeLessThan(bound(1000));
    expect(app.stats).toMatchObject({ dropped: { deadline: 10 } });
  });

  it('R7 takes no longer than one look where no collector was ever there', async () => {
    collector = await FaultCollector.start({ protocol });
    await collector.close();
    app = await TracingApp.start({ exporter, endpoint: collector.url });
    app.end(10);
    await app.tracing.flush(1000); // the thread is there
    const millis = await app.close();
    figure(`R7 ${protocol}: closed after ${millis.toFixed()} ms`);
    expect(millis).toBeLessThan(bound(100));
  });
});
