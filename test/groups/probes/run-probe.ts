import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/**
 * Runs a probe in a Node of its own, with the garbage collector at hand, and returns what it printed.
 *
 * @param folder where the probe is. Default: beside this file
 */
export async function runProbe(
  name: string,
  args: readonly string[] = [],
  folder: string = import.meta.dirname,
): Promise<unknown> {
  const outfile = join(root, 'dist/test-probes', `${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', outfile, ...args],
    {
      timeout: 40_000,
    },
  );
  return JSON.parse(stdout);
}
