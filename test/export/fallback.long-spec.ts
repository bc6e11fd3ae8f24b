import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runToItsEnd } from '../support/ending-process.js';
import type { Ending } from '../support/ending-process.js';
import { FaultCollector } from '../support/fault-collector.js';
import { figure } from '../support/tracing-app.js';

vi.setConfig({ testTimeout: 60_000 });

const LIBRARY = fileURLToPath(new URL('../../libs/tracing/package.json', import.meta.url));
const FIXTURE = fileURLToPath(new URL('fixtures/ending.mjs', import.meta.url));
const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

let collector: FaultCollector;
beforeEach(async () => {
  collector = await FaultCollector.start();
});
afterEach(() => collector.close());

const warnings = ({ output }: Ending): string[] =>
  output.split('\n').filter((line) => line.includes('WARN'));

describe('where worker threads are forbidden', () => {
  const flags = ['--permission', '--allow-fs-read=*'];
  if (process.allowedNodeEnvironmentFlags.has('--allow-net')) flags.push('--allow-net');

  it.each(['natural', 'close'])(
    'R9 E9 one warning names the flag, and a process that ends by %s loses nothing',
    async (way) => {
      const ending = await runToItsEnd({ way, endpoint: collector.url, flags });
      figure(`--permission, ${way}: ${100 - collector.received} of 100 lost, code ${ending.code}`);
      expect(collector.received).toBe(100);
      expect(ending.code).toBe(0);
      expect(warnings(ending)).toEqual([expect.stringContaining('--allow-worker')]);
    },
  );

  it('R4 what process.exit() costs there is counted and said', async () => {
    const ending = await runToItsEnd({ way: 'exit', endpoint: collector.url, flags });
    expect(ending.code).toBe(3);
    expect(warnings(ending)).toEqual([
      expect.stringContaining('process.exit()'),
      expect.stringMatching(/100 spans lost: the process ended/),
    ]);
  });

  it('E9 an export on the main thread that was asked for says only what that costs', async () => {
    const options = { exportThread: 'main' } as const;
    const ending = await runToItsEnd({ way: 'close', endpoint: collector.url, flags, options });
    expect(collector.received).toBe(100);
    const [warning, ...others] = warnings(ending);
    expect(others).toEqual([]);
    expect(warning).toMatch(/process\.exit\(\) and a crash lose .*--allow-worker/);
    expect(warning).not.toContain('runs on the main thread');
  });

  it('E9 the thread is used again with the flag', async () => {
    const plan = { way: 'exit', endpoint: collector.url, flags: [...flags, '--allow-worker'] };
    const ending = await runToItsEnd({ ...plan, options: { exitTimeoutMillis: 10_000 } });
    expect(collector.received).toBe(100);
    expect(warnings(ending)).toEqual([]);
  });
});

describe('where the thread cannot be started for another reason', () => {
  let folder: string;
  let file: string;
  /** An application in a bundle, beside a package whose file of the thread is broken. */
  beforeAll(async () => {
    mkdirSync(DIST, { recursive: true });
    folder = mkdtempSync(join(DIST, 'broken-thread-'));
    file = join(folder, 'app.mjs');
    const installed = join(folder, 'node_modules/nestjs-tracing');
    mkdirSync(join(installed, 'dist/export/transport'), { recursive: true });
    writeFileSync(join(installed, 'package.json'), readFileSync(LIBRARY));
    writeFileSync(
      join(installed, 'dist/export/transport/export-thread.js'),
      'throw new Error("half a file");',
    );
    await build({
      entryPoints: [FIXTURE],
      bundle: true,
      platform: 'node',
      packages: 'external',
      logLevel: 'error',
      format: 'esm',
      outfile: file,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['natural', 'close'])(
    'R16 E7 one warning says why, and a process that ends by %s loses nothing',
    async (way) => {
      const ending = await runToItsEnd({ way, endpoint: collector.url, file, cwd: folder });
      figure(`broken thread, ${way}: ${100 - collector.received} of 100 lost`);
      expect(collector.received).toBe(100);
      expect(ending.code).toBe(0);
      expect(warnings(ending)).toEqual([expect.stringMatching(/on the main thread.*half a file/)]);
    },
  );
});
