import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { node } from './plain-node.js';

const fixture = (file: string) => fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));
const ENTRY = new URL('../../libs/tracing/dist/offload/index.js', import.meta.url).href;

const esm = (file: string, task: string) => [fixture('esm-app.mjs'), file, task];

describe('in plain Node', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'offload-'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('W14 W17 an ESM application offloads, and no handle keeps it alive', async () => {
    const { result, stderr } = await node(esm(fixture('work.task.mjs'), 'echo'));
    expect([result, stderr]).toEqual([21, '']);
  });

  it('W14 W17 a CommonJS application offloads, and no handle keeps it alive', async () => {
    const { result, stderr } = await node([fixture('cjs-app.cjs')]);
    expect([result, stderr]).toEqual([42, '']);
  });

  it("W17 a TypeScript task runs under Node's own type stripping", async () => {
    const file = join(folder, 'half.task.ts');
    const source = [
      `import { defineTask } from '${ENTRY}';`,
      "export const half = defineTask(import.meta.url, 'half', (n: number): number => n / 2);",
    ];
    await writeFile(file, source.join('\n'));
    expect((await node(esm(file, 'half'))).result).toBe(10.5);
  });

  it('W16 preloads run once, in the application alone', async () => {
    const preload = fixture('preload.mjs');
    const { result, stderr } = await node(
      ['--import', preload, ...esm(fixture('work.task.mjs'), 'environment')],
      { NODE_OPTIONS: `--no-warnings --title=app --import="${preload}"` },
    );
    expect(result).toEqual({ preloads: 0, options: '--no-warnings' });
    expect(stderr.trim()).toMatch(/^preloaded/);
    expect(stderr.match(/preloaded/g)!.length).toBeLessThanOrEqual(2);
  });

  it('loads piscina at the first task and not before', async () => {
    const probe = join(folder, 'probe.mjs');
    const source = [
      `await import('${fixture('application.mjs')}');`,
      "import { createRequire } from 'node:module';",
      'const loaded = Object.keys(createRequire(import.meta.url).cache);',
      "console.log(JSON.stringify(loaded.some((file) => file.includes('piscina'))));",
    ];
    await writeFile(probe, source.join('\n'));
    expect((await node([probe])).result).toBe(false);
  });
});
