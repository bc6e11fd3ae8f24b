import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { TracingApp } from '../support/tracing-app.js';
import { eventually } from '../support/eventually.js';

afterEach(() => vi.useRealTimers());

it('K13 takes fake timers for no block, and sees a block beside them', async () => {
  const now = performance.now.bind(performance);
  const app = await TracingApp.start({ exporter: 'none', watchdog: { thresholdMillis: 100 } });
  const realSleep = sleep;
  vi.useFakeTimers();
  await app.tracing.span('still', () => realSleep(600));
  expect(app.tracing.stats().watchdog).toMatchObject({ isOn: true, unattributed: 0 });
  const before = app.tracing.stats().watchdog.stalls;
  await app.tracing.span('blocked', async () => {
    for (const end = now() + 500; now() < end;);
    await realSleep(50);
  });
  vi.useRealTimers();
  await eventually(() => expect(app.tracing.stats().watchdog.stalls).toBeGreaterThan(before));
  await app.close();
});
