import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';
import type { Outcome, RunPlan } from './support/fixture.js';
import { runFixture } from './support/fixture.js';

const ENDINGS = [
  ['exit', 3],
  ['throw', 1],
  ['natural', 0],
  ['close', 0],
] as const;

it.each(ENDINGS)(
  'K10 ends by %s in the turn of a block as without a watchdog',
  async (way, code) => {
    const outcome = await runFixture('ending.mjs', [way]);
    expect(outcome.code, outcome.stderr).toBe(code);
    expect(outcome.stderr).not.toContain('Waiting for the debugger');
  },
);

it('K10 ends by process.exit while the export thread watches', async () => {
  const collector = await OtlpCollector.start();
  const options = JSON.stringify({ endpoint: collector.url });
  const outcome = await runFixture('ending.mjs', ['exit', options]);
  await collector.close();
  expect(outcome.code, outcome.stderr).toBe(3);
  expect(outcome.stderr).not.toContain('Waiting for the debugger');
});

it('K19 names an endless loop on stderr while it lasts, and leaves SIGTERM as it was', async () => {
  const outcome = await endless({});
  expect(outcome.signal).toBe('SIGTERM');
  expect(outcome.stderr).toMatch(
    /the event loop has been blocked for \d+\.\d s by .*ending\.mjs:\d+\), in span "endless" \(trace [0-9a-f]{32}, span [0-9a-f]{16}\)\. It still is\./,
  );
  expect(outcome.stderr.match(/has been blocked/g)).toHaveLength(1);
});

async function endless(plan: RunPlan): Promise<Outcome> {
  return runFixture('ending.mjs', ['signal'], {
    ...plan,
    meanwhile: async (child, said) => {
      const isNamed = (): boolean => said().includes('"endless"');
      for (let waits = 0; waits < 600 && !isNamed(); waits += 1) await sleep(50);
      await sleep(300); // it is said once
      child.kill('SIGTERM');
    },
  });
}
