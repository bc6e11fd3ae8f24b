import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bound, isSoak } from '../support/bound.js';
import { FaultCollector } from '../support/fault-collector.js';
import { TracingApp, figure, unaccounted } from '../support/tracing-app.js';

vi.setConfig({ testTimeout: 150_000 });
const ROOMY = { maxQueueSize: 100_000, scheduleDelayMillis: 200 };

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

describe.each(['grpc', 'http'] as const)('a collector over %s', (protocol) => {
  const exporter = `otlp-${protocol}` as const;
  const outage = isSoak ? 30_000 : 2_000;

  it(`R1 R2 E4 loses nothing to an outage of ${outage} ms at 1,000 spans/s and recovers within 3 s`, async () => {
    collector = await FaultCollector.start({ protocol });
    app = await TracingApp.start({ exporter, endpoint: collector.url, batch: ROOMY });
    app.end(1);
    await collector.waitFor(1);
    await collector.close();
    const ended = 1 + (await app.endAtRate(1000, outage));
    await collector.listen();
    const back = performance.now();
    await collector.waitFor(2, bound(5000));
    const first = performance.now() - back;
    await collector.waitFor(ended, bound(5000));
    const gone = performance.now() - back;
    await app.tracing.flush();
    figure(
      `R1 ${protocol}: ${ended - collector.received} of ${ended} lost, backlog gone after ${gone.toFixed()} ms`,
    );
    figure(`R2 ${protocol}: first success after ${first.toFixed()} ms`);
    expect(collector.received).toBe(ended);
    expect(first).toBeLessThan(bound(3000));
    expect(gone).toBeLessThan(bound(5000));
    expect(app.stats).toMatchObject({ exported: ended, queued: 0 });
    expect(unaccounted(app.stats)).toBe(0);
  });

  const restarts = isSoak ? 20 : 4;
  it(`R22 E4 loses nothing to ${restarts} restarts of the collector in mid-stream`, async () => {
    collector = await FaultCollector.start({ protocol });
    app = await TracingApp.start({ exporter, endpoint: collector.url, batch: ROOMY });
    const writing = app.endAtRate(1000, restarts * 500);
    for (let restart = 0; restart < restarts; restart += 1) {
      await sleep(400);
      await collector.close();
      await sleep(50);
      await collector.listen();
    }
    const ended = await writing;
    await collector.waitFor(ended, bound(8000));
    figure(
      `R22 ${protocol}: ${ended - collector.received} of ${ended} lost in ${restarts} restarts, ${collector.duplicates} duplicates`,
    );
    expect(collector.received).toBe(ended);
    expect(collector.duplicates).toBeLessThanOrEqual(restarts * 512);
  });
});

it('survives connections that are cut in the middle of an answer, with every span once or more', async () => {
  collector = await FaultCollector.start();
  let count = 0;
  collector.answer = () => ([2, 9].includes((count += 1)) ? { cuts: true, keeps: true } : {});
  app = await TracingApp.start({
    endpoint: collector.url,
    batch: { ...ROOMY, maxExportBatchSize: 100 },
  });
  app.end(1000);
  await collector.waitFor(1000, 15_000);
  figure(`cut in mid-stream: ${collector.received} of 1000, ${collector.duplicates} duplicates`);
  expect(collector.received).toBe(1000);
});

describe('a collector that is away', () => {
  const away = isSoak ? 60_000 : 3_000;

  it(`R12 is asked at most once a second, at 5,000 spans/s for ${away} ms`, async () => {
    collector = await FaultCollector.start();
    collector.answer = () => ({ code: 14 });
    app = await TracingApp.start({ endpoint: collector.url, batch: ROOMY });
    await app.endAtRate(5000, away);
    const [first] = collector.requests;
    // What was under way together with the first call cannot know its answer yet.
    const later = collector.requests.filter(({ at }) => at > (first?.at ?? 0) + 100);
    figure(`R12 ${(later.length / (away / 1000)).toFixed(2)} further calls/s`);
    expect(later.length).toBeLessThanOrEqual(away / 1000 + (isSoak ? 0 : 1));
    collector.answer = () => ({});
  });
});
