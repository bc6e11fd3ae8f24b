import { SpanStatusCode, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { FaultCollector } from '../support/fault-collector.js';
import { decodeSpans } from '../support/otlp-wire.js';
import { TracingApp, figure, unaccounted } from '../support/tracing-app.js';

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

/** The collector is told of the losses before the last flush, by one span; the next may come 30 s later. */
const REPORTS = 1;

const warnings = (): string[] => app.lines.filter((line) => line.startsWith('warn'));

describe('the books', () => {
  it('R3 E3 R4 are balanced whatever becomes of a span, every loss has its reason', async () => {
    collector = await FaultCollector.start();
    collector.answer = ({ body }) => {
      const spans = decodeSpans(body);
      if (spans.some(({ name }) => name === 'refused')) return { code: 3 };
      return spans.some(({ name }) => name === 'partly') ? { rejected: 5 } : {};
    };
    const sampler = {
      shouldSample: (_: unknown, __: unknown, name: string) => ({
        decision:
          name === 'unsampled' ? SamplingDecision.RECORD : SamplingDecision.RECORD_AND_SAMPLED,
      }),
      toString: () => 'by name',
    };
    const batch = { maxQueueSize: 200, scheduleDelayMillis: 60_000 };
    const spanLimits = { attributeValueLengthLimit: Infinity };
    app = await TracingApp.start({ endpoint: collector.url, batch, sampler, spanLimits });
    for (const [name, count] of [
      ['fine', 50],
      ['refused', 20],
      ['partly', 30],
    ] as const) {
      app.end(count, name);
      await app.tracing.flush();
    }
    app.end(10, 'unsampled');
    app.endTooLarge('huge');
    app.end(230, 'burst');
    trace.getTracer('test').startSpan('open');
    const before = app.stats;
    expect(unaccounted(before)).toBe(0);
    await app.tracing.flush();
    const { stats } = app;
    figure(`R3 difference ${unaccounted(stats)}: ${JSON.stringify(stats)}`);
    expect(stats).toEqual({
      started: 342 + REPORTS,
      ended: 341 + REPORTS,
      exported: 50 + 25 + 200 + REPORTS,
      rejected: 5,
      unsampled: 10,
      queued: 0,
      collapsed: 0,
      dropped: {
        queue_full: 30,
        too_large: 1,
        non_retryable: 20,
        deadline: 0,
        shutdown: 0,
        thread_crashed: 0,
        export_failed: 0,
        budget: 0,
      },
    });
    expect(collector.received).toBe(50 + 30 + 200 + REPORTS);
    figure(`R4 ${warnings().length} warning for 56 losses of 4 kinds: ${warnings().join()}`);
    expect(warnings()).toHaveLength(1);
  });

  it('R8 40,000 spans in the queue survive a close', async () => {
    collector = await FaultCollector.start();
    app = await TracingApp.start({ endpoint: collector.url, batch: { maxQueueSize: 65_536 } });
    app.end(40_000);
    const millis = await app.close();
    figure(`R8 ${40_000 - collector.received} of 40,000 lost, closed after ${millis.toFixed()} ms`);
    expect(collector.received).toBe(40_000);
    expect(app.stats).toMatchObject({ exported: 40_000, queued: 0 });
  });

  it('R14 no request is over 4 MiB, and a span that cannot be made shorter loses only itself', async () => {
    collector = await FaultCollector.start();
    const spanLimits = { attributeValueLengthLimit: Infinity };
    app = await TracingApp.start({ endpoint: collector.url, spanLimits, reportDrops: false });
    app.end(50);
    app.endTooLarge('huge');
    app.end(50);
    await app.tracing.flush();
    figure(`R14 ${collector.received} of 101 arrived`);
    expect(collector.received).toBe(100);
    for (let span = 0; span < 300; span += 1)
      app.tracing.span('large', { attributes: { blob: 'x'.repeat(40_000) } }, () => undefined);
    await app.tracing.flush();
    const largest = Math.max(...collector.requests.map(({ wireBytes }) => wireBytes));
    figure(
      `R14 largest request ${(largest / 2 ** 20).toFixed(2)} MiB of ${collector.requests.length}`,
    );
    expect(collector.received).toBe(400);
    expect(largest).toBeLessThan(4 * 2 ** 20);
  });
});

it('E1 a status and its message arrive as they are', async () => {
  collector = await FaultCollector.start();
  app = await TracingApp.start({ endpoint: collector.url });
  const span = trace.getTracer('test').startSpan('failed');
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'why' });
  span.end();
  await app.tracing.flush();
  const [arrived] = collector.requests.flatMap(({ body }) => decodeSpans(body));
  expect(arrived).toMatchObject({ name: 'failed', status: { code: 2, message: 'why' } });
});
