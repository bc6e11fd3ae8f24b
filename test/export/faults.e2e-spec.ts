import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { bound, isSoak } from '../support/bound.js';
import { FaultCollector } from '../support/fault-collector.js';
import { TracingApp, figure, unaccounted } from '../support/tracing-app.js';

/** The gRPC codes that OTLP has repeated. */
const RETRIED = [1, 4, 10, 11, 14, 15];

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

const warnings = (): string[] => app.lines.filter((line) => line.startsWith('warn'));

it('R16 no fault of a collector is an error of the application', async () => {
  collector = await FaultCollector.start();
  const faults = isSoak ? 10_000 : 300;
  let asked = 0;
  collector.answer = () => {
    asked += 1;
    if (asked % 200 === 0) return { cuts: true };
    return asked % 3 === 0
      ? { rejected: 1, message: '\u0000'.repeat(100) }
      : { code: (asked % 16) + 1 };
  };
  const unhandled: unknown[] = [];
  const keep = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', keep);
  process.on('uncaughtException', keep);
  const batch = { maxExportBatchSize: 1, maxQueueSize: faults };
  app = await TracingApp.start({ endpoint: collector.url, batch, reportDrops: false });
  collector.answer = bySpan(collector.answer);
  app.end(faults);
  while (app.stats.queued > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  process.off('unhandledRejection', keep);
  process.off('uncaughtException', keep);
  figure(
    `R16 ${unhandled.length} unhandled in ${collector.requests.length} faults: ${JSON.stringify(app.stats)}`,
  );
  expect(unhandled).toEqual([]);
  expect(app.stats).toMatchObject({ ended: faults, dropped: { thread_crashed: 0 } });
  expect(unaccounted(app.stats)).toBe(0);
}, 600_000);

/** Repeats are accepted, so that a run of faults comes to an end without a wait for each. */
function bySpan(answer: FaultCollector['answer']): FaultCollector['answer'] {
  const retried = new Set(RETRIED);
  let waits = 0;
  return (request) => {
    const given = answer(request);
    if (given.cuts !== true && !retried.has(given.code ?? 0)) return given;
    waits += 1;
    return waits % 40 === 1 ? given : {};
  };
}

it('R16 E7 a thread that crashes is back within a second, and what it held is counted', async () => {
  collector = await FaultCollector.start();
  collector.answer = () => ({ code: 14 });
  const workers: Worker[] = [];
  const keep = (worker: Worker): void => void workers.push(worker);
  process.on('worker', keep);
  app = await TracingApp.start({
    reportDrops: false,
    endpoint: collector.url,
    batch: { scheduleDelayMillis: 100 },
  });
  app.end(100);
  while (collector.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const crashed = performance.now();
  await workers[0]?.terminate();
  while (workers.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const back = performance.now() - crashed;
  process.off('worker', keep);
  collector.answer = () => ({});
  app.end(50);
  await app.tracing.flush();
  figure(`R16 back after ${back.toFixed()} ms: ${JSON.stringify(app.stats)}`);
  expect(back).toBeLessThan(bound(1000));
  expect(app.stats).toMatchObject({ exported: 50, dropped: { thread_crashed: 100 }, queued: 0 });
  expect(warnings().join()).toMatch(/100 spans lost: the export thread crashed/);
});
