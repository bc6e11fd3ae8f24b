import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { expectNobodyElse } from './support/last-act.js';
import { expectUndisturbed } from './support/stress.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Installs a Node of another version, as the smoke test does, and returns its path. */
async function installNode(version: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'watchdog-node-'));
  folders.push(folder);
  const manifest = { private: true, dependencies: { node: version }, allowScripts: { node: true } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...quiet], { cwd: folder });
  return join(folder, 'node_modules/node/bin/node');
}

describe.each(['22.15.0', '24', '26'])('Node %s', (version) => {
  let node = '';
  beforeAll(async () => {
    node = await installNode(version);
  });

  it('K14 changes nothing for the code that it interrupts, for 30 seconds', () =>
    expectUndisturbed(30, { node }));

  it('K4 never blames those that merely come next after native code', () =>
    expectNobodyElse(4, { node }));
});
