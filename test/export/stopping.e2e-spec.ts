import { trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { bound } from '../support/bound.js';
import { FaultCollector } from '../support/fault-collector.js';
import { TracingApp, figure } from '../support/tracing-app.js';

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

const warnings = (): string[] => app.lines.filter((line) => line.startsWith('warn'));

describe('stopping', () => {
  it('R6 E5 is bounded with a collector that never answers, and says what is lost', async () => {
    collector = await FaultCollector.start();
    collector.answer = () => ({ hangs: true });
    app = await TracingApp.start({ endpoint: collector.url, shutdownTimeoutMillis: 1000 });
    app.end(700);
    const millis = await app.close();
    figure(`R6 closed after ${millis.toFixed()} ms of 1000: ${warnings().join()}`);
    expect(millis).toBeLessThan(bound(1500));
    expect(app.stats).toMatchObject({ dropped: { deadline: 700 }, queued: 0 });
    expect(warnings()).toEqual([expect.stringContaining('700 spans are lost')]);
  });

  it('E5 flushes are shared when nothing is new, and cover what is', async () => {
    collector = await FaultCollector.start();
    collector.answer = () => ({ delayMillis: 100 });
    app = await TracingApp.start({ endpoint: collector.url });
    app.end(10);
    const first = app.tracing.flush();
    app.end(10);
    await Promise.all([first, app.tracing.flush(), app.tracing.flush()]);
    expect(collector.received).toBe(20);
    expect(collector.requests.length).toBeLessThanOrEqual(2);
  });

  it('E5 a flush without a collector ends and keeps the spans', async () => {
    collector = await FaultCollector.start();
    await collector.close();
    app = await TracingApp.start({ endpoint: collector.url });
    app.end(10);
    await app.tracing.flush();
    expect(app.stats).toMatchObject({ queued: 10 });
    expect(warnings().join()).toMatch(/the collector is away, 10 spans wait for it/);
    await collector.listen();
    await collector.waitFor(10);
    expect(collector.received).toBe(10);
  });

  it('E5 the spans that are still open are sent as such, however many there were at once before', async () => {
    collector = await FaultCollector.start();
    app = await TracingApp.start({ endpoint: collector.url, spanBudget: false });
    const tracer = trace.getTracer('crowd');
    const crowd = Array.from({ length: 8000 }, () => tracer.startSpan('one of many'));
    app.end(4000);
    for (const span of crowd) span.end();
    app.end(1000);
    tracer.startSpan('left open');
    await app.close();
    expect(app.stats).toMatchObject({ ended: 13_001, started: 13_001 });
  });
});
