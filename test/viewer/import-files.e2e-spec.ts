import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceList } from '../../apps/viewer/src/wire/trace-list.interface.js';
import { ViewerApi } from './support/viewer-api.js';
import { ViewerProcess } from './support/viewer-process.js';

const JAVA = fileURLToPath(new URL('foreign/java.json', import.meta.url));

describe('P15 --import of what has no size', () => {
  let folder: string;
  let path: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'viewer-fifo-'));
    path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a pipe to its end', async () => {
    const writer = spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', JAVA, path], { stdio: 'ignore' });
    try {
      const viewer = await ViewerProcess.start('--no-terminal', '--import', path);
      try {
        expect(viewer.output).toMatch(/^imported \S+fifo: 1 trace, \d+ spans?$/m);
        const { id } = await new ViewerApi(viewer).get<TraceList>('/api/traces');
        expect(id).toEqual(['0af7651916cd43dd8448eb211c80319c']);
      } finally {
        await viewer.stop();
      }
    } finally {
      writer.kill('SIGKILL');
    }
  });

  it('stops at the limit of a pipe that never ends', async () => {
    const writer = spawn('sh', ['-c', 'exec yes > "$1"', 'sh', path], { stdio: 'ignore' });
    try {
      const failed = ViewerProcess.start('--no-terminal', '--import', path);
      await expect(failed).rejects.toThrow(/--import \S+fifo: The file is over 67108864 bytes/);
    } finally {
      writer.kill('SIGKILL');
    }
  });
});
