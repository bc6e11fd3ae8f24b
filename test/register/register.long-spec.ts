import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';

const MODULES = join(import.meta.dirname, '../../node_modules');
const FIXTURES = join(import.meta.dirname, 'fixtures');
const PG = '@opentelemetry/instrumentation-pg';
const UNDICI = '@opentelemetry/instrumentation-undici';
const GREETER = 'greeter-instrumentation';
const BROKEN = 'broken-instrumentation';

const root = mkdtempSync(join(tmpdir(), 'nestjs-tracing-register-'));
afterAll(() => rmSync(root, { recursive: true }));

/** An application in a folder of its own, with these packages among its dependencies. */
function applicationWith(...dependencies: string[]): string {
  const folder = mkdtempSync(join(root, 'app-'));
  const versions = Object.fromEntries(dependencies.map((name) => [name, '*']));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: versions }));
  cpSync(FIXTURES, folder, { recursive: true });
  cpSync(join(FIXTURES, 'packages'), join(folder, 'node_modules'), { recursive: true });
  for (const name of ['@nestjs', '@opentelemetry', 'nestjs-tracing', 'pg', 'reflect-metadata']) {
    symlinkSync(join(MODULES, name), join(folder, 'node_modules', name));
  }
  return folder;
}

describe('node --import nestjs-tracing/register', () => {
  let collector: OtlpCollector;
  beforeEach(async () => {
    collector = await OtlpCollector.start();
  });
  afterEach(() => collector.close());

  async function run(folder: string, file: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const args = ['--import', 'nestjs-tracing/register', file, collector.url];
    const options = { cwd: folder, env: { ...process.env, ...env } };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
    expect(stdout).toContain('done');
    return stdout + stderr;
  }

  const tree = () =>
    collector.spans
      .map(({ name, parentSpanId }) => {
        const parent = collector.spans.find(({ spanId }) => spanId === parentSpanId);
        return parent === undefined ? name : `${parent.name} > ${name}`;
      })
      .toSorted();

  it.each(['app.mjs', 'app.cjs'])(
    'lets an instrumentation of a dependency trace beside the module, in %s',
    async (file) => {
      const output = await run(applicationWith('pg', PG), file);
      expect(tree()).toEqual(['work', 'work > GET', 'work > pg.connect']);
      expect(output).not.toMatch(/warn/i);
    },
  );

  it('lets an instrumentation patch an ES module', async () => {
    await run(applicationWith(GREETER), 'app.mjs');
    expect(tree()).toEqual(['work', 'work > GET', 'work > greet']);
  });

  it('hooks into the loading of modules once, whichever copies of their base package there are', async () => {
    const output = await run(applicationWith(PG, GREETER), 'app.mjs');
    expect(output).not.toMatch(/warn/i);
    expect(tree()).toEqual(['work', 'work > GET', 'work > greet', 'work > pg.connect']);
  });

  it('leaves to the module what it traces itself, until it is asked for', async () => {
    const folder = applicationWith(PG, UNDICI);
    expect(await run(folder, 'app.mjs')).not.toContain('Another instrumentation');
    expect(tree()).toEqual(['work', 'work > GET', 'work > pg.connect']);
    collector.spans.length = 0;
    const asked = { OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'undici' };
    expect(await run(folder, 'app.mjs', asked)).toContain('Another instrumentation');
    expect(tree()).toEqual(['work', 'work > GET']);
  });

  it('leaves out what OTEL_NODE_DISABLED_INSTRUMENTATIONS names, and everything without an SDK', async () => {
    await run(applicationWith(PG), 'app.mjs', { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'pg, fs' });
    expect(tree()).toEqual(['work', 'work > GET']);
    const output = await run(applicationWith(BROKEN), 'app.mjs', { OTEL_SDK_DISABLED: 'true' });
    expect(output).not.toContain(BROKEN);
  });

  it('warns of one that cannot be loaded, and runs the application', async () => {
    const output = await run(applicationWith(BROKEN, PG), 'app.mjs');
    expect(output).toContain(`could not load ${BROKEN}, which is left out: Error: not today`);
    expect(tree()).toContain('work > pg.connect');
  });

  it('says that there is nothing to load', async () => {
    const folder = applicationWith('pg');
    const output = await run(folder, 'app.mjs');
    expect(output).toContain(`found no instrumentation among the dependencies of ${folder}`);
    expect(tree()).toEqual(['work', 'work > GET']);
  });
});
