import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 300_000 });

it('K1 names what blocks where tests run in a context of node:vm, as in Jest', async () => {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const args = [vitest, 'run', '--pool=vmForks', 'test/watchdog/test-runs.e2e-spec.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toMatch(/2 passed/);
});
