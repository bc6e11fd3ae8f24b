import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { runToItsEnd } from '../support/ending-process.js';
import { FaultCollector } from '../support/fault-collector.js';
import { figure } from '../support/tracing-app.js';

vi.setConfig({ testTimeout: 60_000 });

const FILE = fileURLToPath(new URL('fixtures/late.mjs', import.meta.url));

it.each(['worker', 'main'] as const)(
  "R9 loses no span that ends in the application's own listener of the exit (%s)",
  async (exportThread) => {
    const collector = await FaultCollector.start();
    const options = { exportThread, exitTimeoutMillis: 5000 };
    const plan = { way: '20', endpoint: collector.url, file: FILE, options };
    const { code, output, millis } = await runToItsEnd(plan);
    figure(`R9 ${120 - collector.received} of 120 lost, ${millis.toFixed()} ms`);
    expect(code).toBe(3);
    expect(collector.received).toBe(120);
    expect(output).toContain('"started":120,"ended":120,"exported":120');
    expect(output).not.toContain('lost');
    await collector.close();
  },
);

it('R9 books what ends there while the collector hangs, and waits no longer for it', async () => {
  const collector = await FaultCollector.start();
  collector.answer = () => ({ hangs: true });
  const options = { exitTimeoutMillis: 300 };
  const plan = { way: '20', endpoint: collector.url, file: FILE, options };
  const { output, millis } = await runToItsEnd(plan);
  expect(output).toMatch(/"ended":120,"exported":0.*"deadline":100,"shutdown":20.*"queued":0/);
  expect(millis).toBeLessThan(20 * 300);
  await collector.close();
});
