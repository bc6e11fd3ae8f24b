import { afterEach, expect, it } from 'vitest';
import { FaultCollector } from '../support/fault-collector.js';
import { decodeSpans } from '../support/otlp-wire.js';
import type { WireSpan } from '../support/otlp-wire.js';
import { TracingApp, figure, unaccounted } from '../support/tracing-app.js';

const NAME = 'nestjs-tracing.dropped_spans';

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

/** What the collector was told of losses last: each report counts from the start. */
function told(): Record<string, number> {
  const { attributes = [] } = reports().at(-1) ?? {};
  const counts = attributes.map(({ key, value }) => [
    key.replace(/^nestjs_tracing\.dropped_spans\./, ''),
    Number(value.intValue),
  ]);
  return Object.fromEntries(counts) as Record<string, number>;
}

function reports(): WireSpan[] {
  const spans = collector.requests.flatMap(({ body }) => decodeSpans(body));
  return spans.filter(({ name }) => name === NAME);
}

function lost(): Record<string, number> {
  const { dropped, rejected } = app.stats;
  return Object.fromEntries(
    Object.entries({ ...dropped, rejected }).filter(([, count]) => count > 0),
  );
}

/** Refuses requests with a span of this name, rejects one span of those with that. */
function answerByName(refused: string, partly: string): void {
  collector.answer = ({ body }) => {
    const names = decodeSpans(body).map(({ name }) => name);
    if (names.includes(refused)) return { code: 3 };
    return names.includes(partly) ? { rejected: 1, message: 'one of them' } : {};
  };
}

it('R4 the next good export tells the collector of every loss, by a trace of its own', async () => {
  collector = await FaultCollector.start();
  answerByName('refused', 'partly');
  const batch = { maxQueueSize: 100, scheduleDelayMillis: 60_000 };
  const spanLimits = { attributeValueLengthLimit: Infinity };
  app = await TracingApp.start({ endpoint: collector.url, batch, spanLimits });
  app.endTooLarge('huge');
  app.end(110);
  await app.tracing.flush(); // the queue was full: no room for a report
  expect(reports()).toEqual([]);
  app.end(7, 'refused');
  await app.tracing.flush(); // the report is refused with the others
  app.end(20, 'partly');
  await app.tracing.flush();
  await app.close();
  figure(`R4 told ${JSON.stringify(told())} of ${JSON.stringify(lost())}`);
  expect(told()).toEqual({ queue_full: 10, too_large: 1, non_retryable: 8, rejected: 1 });
  expect(told()).toEqual(lost());
  expect(reports().at(-1)?.parentSpanId).toBeUndefined();
  expect(unaccounted(app.stats)).toBe(0);
});

it('R4 tells all of it in the end, whatever was lost while the collector was away', async () => {
  collector = await FaultCollector.start();
  answerByName('refused', 'none');
  const batch = { maxQueueSize: 50, scheduleDelayMillis: 20 };
  app = await TracingApp.start({ endpoint: collector.url, batch });
  app.end(40, 'refused');
  await app.tracing.flush();
  await collector.close();
  for (let burst = 0; burst < 3; burst += 1) {
    app.end(60);
    await app.tracing.flush(50);
  }
  await collector.listen();
  await app.tracing.flush();
  app.end(1);
  await app.close();
  figure(`R4 told ${JSON.stringify(told())} by ${reports().length} spans`);
  expect(told()).toEqual(lost());
  expect(told()).toMatchObject({ non_retryable: 40 });
  expect(new Set(reports().map(({ traceId }) => traceId.toString('hex'))).size).toBe(
    reports().length,
  );
  expect(unaccounted(app.stats)).toBe(0);
});

it('R4 needs no flush: a loss is told once spans get through again', async () => {
  collector = await FaultCollector.start();
  answerByName('refused', 'none');
  const batch = { scheduleDelayMillis: 20 };
  app = await TracingApp.start({ endpoint: collector.url, batch });
  app.end(5, 'refused');
  const start = performance.now();
  while (app.stats.dropped.non_retryable === 0 && performance.now() - start < 5000)
    await new Promise((resolve) => setTimeout(resolve, 10));
  app.end(5);
  while (reports().length === 0 && performance.now() - start < 10_000)
    await new Promise((resolve) => setTimeout(resolve, 20));
  figure(`R4 told after ${(performance.now() - start).toFixed()} ms`);
  expect(told()).toEqual({ non_retryable: 5 });
});

it.each([
  ['where nothing was lost', {}, 'fine'],
  ['with reportDrops: false', { reportDrops: false }, 'refused'],
])('R4 sends no report %s', async (_, options, name) => {
  collector = await FaultCollector.start();
  answerByName('refused', 'none');
  app = await TracingApp.start({ endpoint: collector.url, ...options });
  app.end(10, name);
  await app.tracing.flush();
  app.end(10);
  await app.close();
  expect(reports()).toEqual([]);
  expect(app.stats.started).toBe(20);
});
