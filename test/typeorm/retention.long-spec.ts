import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';

const PROBE = join(import.meta.dirname, 'probes/retention.ts');
const OUTFILE = join(import.meta.dirname, '../../dist/test-probes/typeorm-retention.mjs');

/** What is alive after a request, whose timers, span and pooled connections are kept for ever. */
async function aliveAfterRequest(mode: 'bare' | 'traced'): Promise<object> {
  const options = JSON.stringify({ ...POSTGRES, type: 'postgres' });
  const args = ['--expose-gc', OUTFILE, mode, options];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 25_000 });
  return JSON.parse(stdout) as object;
}

describeWithService(await findPostgres(), 'What a context keeps', () => {
  beforeAll(async () => {
    await build({
      entryPoints: [PROBE],
      outfile: OUTFILE,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    });
  });

  it('X1 is no entity, argument list, runner, manager, stream or result', async () => {
    const nothing = { kept: 5, held: 11, alive: [] };
    expect(await aliveAfterRequest('bare')).toEqual(nothing);
    expect(await aliveAfterRequest('traced')).toEqual(nothing);
  });
});
