import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { TracingApp } from '../support/tracing-app.js';

const MAX_BLOCKS = 50;

let app: TracingApp;
afterEach(() => app.close());

/** Blocks until it was seen that something does: the thread that watches may not have started yet. */
async function blockUntilSeen(): Promise<void> {
  const { stalls } = app.tracing.stats().watchdog;
  for (let blocks = 0; blocks < MAX_BLOCKS; blocks += 1) {
    for (const end = performance.now() + 250; performance.now() < end;);
    await sleep(60);
    if (app.tracing.stats().watchdog.stalls > stalls) return;
  }
  throw new Error('no block was seen');
}

it('K16 says nothing in a test run of what blocks outside of spans, unless it was asked for', async () => {
  app = await TracingApp.startAsIs({ exporter: 'none' });
  const done = Promise.withResolvers<void>();
  const waiting = app.tracing.span('waits', () => done.promise);
  await blockUntilSeen();
  done.resolve();
  await waiting;
  expect(app.problems).toEqual([]);
});

it('K1 says in a test run who blocks in a span', async () => {
  app = await TracingApp.startAsIs({ exporter: 'none' });
  await app.tracing.span('blocks', blockUntilSeen);
  expect(app.problems).toContainEqual(expect.stringMatching(/blockUntilSeen .*in span "blocks"/));
});
