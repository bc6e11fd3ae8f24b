import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** Runs a probe in a Node of its own, with the garbage collector at hand, and answers what it printed. */
export async function runProbe(name: string): Promise<unknown> {
  const outfile = join(root, 'dist/test-probes', `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', outfile], {
    timeout: 20_000,
  });
  return JSON.parse(stdout);
}
