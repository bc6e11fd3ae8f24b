import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ViewerProcess } from './support/viewer-process.js';

// Elsewhere the opener is another program, and part of the system.
describe.skipIf(process.platform !== 'linux')('--open', () => {
  let folder: string;
  let viewer: ViewerProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'viewer-open-'));
  });

  afterEach(async () => {
    await viewer?.stop();
    viewer = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts a viewer that finds its programs in the folder alone. */
  async function start(...args: string[]): Promise<ViewerProcess> {
    const env = { ...process.env, PATH: folder };
    return (viewer = await ViewerProcess.startIn(env, '--no-terminal', ...args));
  }

  function writeOpener(script: string): void {
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  it('opens the page with the opener of the system, once it can be had', async () => {
    const opened = join(folder, 'opened');
    writeOpener(`echo "$@" > "${opened}.part" && /bin/mv "${opened}.part" "${opened}"`);
    const { http } = await start('--open', '--host', '0.0.0.0');
    const read = () => readFileSync(opened, 'utf8');
    await expect.poll(() => read().trim()).toBe(`http://localhost:${http}`);
    expect((await viewer!.send({ path: '/' })).status).toBe(200);
    expect(viewer!.errors).toBe('');
  });

  it.each([
    ['is none', undefined, 'spawn xdg-open ENOENT'],
    ['finds no browser', 'exit 3', 'xdg-open ended with 3'],
  ])('says where the page is when there %s, and goes on', async (_what, script, reason) => {
    if (script !== undefined) writeOpener(script);
    const { http } = await start('--open');
    const address = `http://localhost:${http}`;
    await expect
      .poll(() => viewer!.errors)
      .toBe(`viewer: no browser could be opened (${reason}); the page is at ${address}\n`);
    expect((await viewer!.send({ path: '/' })).status).toBe(200);
  });
});
