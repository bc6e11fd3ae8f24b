import { rm } from 'node:fs/promises';
import type { BuildOptions } from 'esbuild';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { ApplicationFolder } from './application-folder.js';
import { node } from './plain-node.js';

const TASK = (place: string) => `
import { defineTask } from 'nestjs-tracing/offload';
export const triple = defineTask(${place}, 'triple', (value) => value * 3);
`;

const APPLICATION = (task: string) => `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { triple } from '${task}';

class Application {}
Module({ imports: [TracingModule.forRoot({ exporter: 'none', offload: { maxThreads: 1 } })] })(
  Application,
);

async function main() {
  const app = await NestFactory.createApplicationContext(Application, { logger: ['warn', 'error'] });
  const answer = app.get(TracingService).offload(triple, 7);
  console.log(JSON.stringify(await answer.catch((error) => error.message)));
  await app.close();
}

void main();
`;

/** Nest loads these when an application asks for them. */
const NOT_BUNDLED = ['@nestjs/microservices', '@nestjs/websockets', 'class-*'];

/** CommonJS dependencies in an ESM bundle ask for `require`. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

/** OpenTelemetry's packages and Nest's cannot be inside of a CommonJS bundle: they use import.meta. */
const FORMATS = {
  esm: { format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: REQUIRE } },
  cjs: { format: 'cjs', outExtension: { '.js': '.cjs' }, packages: 'external' },
} as const;

type Format = keyof typeof FORMATS;

let folder: ApplicationFolder;
afterEach(() => folder.remove());

/** Writes an application with its task and bundles them with what they import. */
async function bundle(format: Format, entries: string[], options: BuildOptions & { task: string }) {
  const { task, external = [], ...others } = options;
  const place = format === 'esm' || task.endsWith('.js') ? 'import.meta.url' : '__filename';
  folder = await ApplicationFolder.create({
    'src/app.js': APPLICATION(task),
    'src/triple.task.js': TASK(place),
    'package.json': '{ "type": "module" }',
  });
  await build({
    absWorkingDir: folder.path,
    entryPoints: entries.map((entry) => `src/${entry}`),
    outdir: 'out',
    bundle: true,
    platform: 'node',
    external: [...NOT_BUNDLED, ...external],
    logLevel: 'error',
    logOverride: { 'empty-import-meta': 'silent' },
    ...FORMATS[format],
    ...others,
  });
}

async function run(file: string): Promise<unknown> {
  return (await node([folder.file(`out/${file}`)], {}, folder.path)).result;
}

const BOTH = ['app.js', 'triple.task.js'];

describe('in a bundle', () => {
  it('W17 a task with an entry of its own works, if the package is installed, too', async () => {
    const task = './triple.task.mjs';
    await bundle('esm', BOTH, { task, external: [task] });
    expect(await run('app.mjs')).toBe(21);
    await rm(folder.file('node_modules'));
    expect(await run('app.mjs')).toMatch(
      /^offload: the file of its workers was not found\. Install nestjs-tracing beside the bundle/,
    );
  });

  it('W17 of format CommonJS a task with an entry of its own works', async () => {
    const task = './triple.task.cjs';
    await bundle('cjs', BOTH, { task, external: [task] });
    expect(await run('app.cjs')).toBe(21);
  });

  it('W17 with code splitting a task that is an entry, too, works', async () => {
    await bundle('esm', BOTH, { task: './triple.task.js', splitting: true });
    expect(await run('app.mjs')).toBe(21);
  });

  it('W9 a task inside of the application is refused with what to do', async () => {
    await bundle('esm', ['app.js'], { task: './triple.task.js' });
    expect(await run('app.mjs')).toMatch(
      /app\.mjs, cannot be used: it imports the Nest application\..*an entry of its own/,
    );
  });

  it('W9 a task inside of a CommonJS application is refused with what to do', async () => {
    await bundle('cjs', ['app.js'], { task: './triple.task.js' });
    await expect(run('app.cjs')).rejects.toThrow(
      /CommonJS has no import\.meta\.url: give the file/,
    );
  });
});
