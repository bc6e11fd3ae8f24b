import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';
import { figure } from '../support/tracing-app.js';

const run = promisify(execFile);
const fixture = (name: string): string =>
  fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const LIBRARY = fileURLToPath(new URL('../../libs/tracing', import.meta.url));
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const BUNDLES = fileURLToPath(new URL('../../dist/bundles/', import.meta.url));

let elsewhere: string;
let collector: OtlpCollector;
beforeAll(async () => {
  elsewhere = mkdtempSync(join(tmpdir(), 'tracing-bundle-'));
  collector = await OtlpCollector.start();
});
afterEach(() => collector.reset());
afterAll(async () => {
  rmSync(elsewhere, { recursive: true });
  await collector.close();
});

it('S5 an application in CommonJS has its export thread', async () => {
  const { stdout } = await run(process.execPath, [fixture('required.cjs'), collector.url]);
  figure(`CommonJS: ${collector.spans.length} of 100`);
  expect(collector.spans).toHaveLength(100);
  expect(stdout).toBe('ready\n');
});

describe.each(['esm', 'cjs'] as const)('a bundle in the format %s', (format) => {
  const outfile = `${BUNDLES}${format}.${format === 'esm' ? 'mjs' : 'cjs'}`;
  const entry = format === 'esm' ? 'ending.mjs' : 'required.cjs';

  beforeAll(() =>
    build({
      entryPoints: [fixture(entry)],
      bundle: true,
      platform: 'node',
      packages: 'external',
      logLevel: 'error',
      format,
      outfile,
    }),
  );

  const args = (): string[] =>
    format === 'esm' ? [outfile, 'natural', collector.url] : [outfile, collector.url];

  it('S5 finds the export thread in the installed package', async () => {
    const installed = mkdtempSync(join(elsewhere, 'app-'));
    mkdirSync(join(installed, 'node_modules'));
    symlinkSync(LIBRARY, join(installed, 'node_modules/nestjs-tracing'));
    const { stdout } = await run(process.execPath, args(), { cwd: installed });
    figure(`bundle ${format}, package installed: ${collector.spans.length} of 100`);
    expect(stdout).toBe('ready\n');
    expect(collector.spans).toHaveLength(100);
  });

  it('S5 says in one line that it exports on the main thread where there is none', async () => {
    const alone = withoutLibrary(mkdtempSync(join(elsewhere, 'app-')), outfile);
    const [, ...others] = args();
    const { stdout, stderr } = await run(process.execPath, [alone, ...others], { cwd: elsewhere });
    const lines = (stdout + stderr).split('\n').filter((line) => line.includes('WARN'));
    figure(`bundle ${format}, alone: ${lines.length} line, ${collector.spans.length} of 100`);
    expect(lines).toEqual([expect.stringContaining('the export thread was not found')]);
    expect(collector.spans).toHaveLength(100);
  });
});

/** Copies a bundle to where every package is installed but this one; answers where it is now. */
function withoutLibrary(folder: string, bundle: string): string {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(MODULES).filter((each) => each !== 'nestjs-tracing')) {
    symlinkSync(join(MODULES, name), join(folder, 'node_modules', name));
  }
  const copy = join(folder, basename(bundle));
  copyFileSync(bundle, copy);
  return copy;
}
