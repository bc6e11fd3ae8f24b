import { rm, symlink } from 'node:fs/promises';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { ApplicationFolder } from './application-folder.js';
import { node } from './plain-node.js';

const TASK = `
import { defineTask } from 'nestjs-tracing/offload';
export const triple = defineTask(import.meta.url, 'triple', (value) => value * 3);
`;

const application = (module: string): string => `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { createOffloadHost } from 'nestjs-tracing/bullmq';
import { triple } from './triple.task.js';

class Application {}
Module({ imports: [${module}] })(Application);

async function main() {
  const options = { logger: ['warn', 'error'], abortOnError: false };
  const app = await NestFactory.createApplicationContext(Application, options).catch((error) => {
    console.log(JSON.stringify(['at the start', error.name, error.message]));
  });
  if (app === undefined) return;
  const answer = app.get(TracingService).offload(triple, 7);
  console.log(JSON.stringify(await answer.catch((error) => ['at the call', error.message])));
  await app.close();
}

void main();
`;

const tracing = (offload: string): string =>
  `TracingModule.forRoot({ exporter: 'none', offload: { ${offload} } })`;

let folder: ApplicationFolder;
afterEach(() => folder.remove());

/** Bundles an application as webpack and Rspack do by default: import.meta.url is the source's place. */
async function bundle(module: string): Promise<void> {
  folder = await ApplicationFolder.create({
    'src/app.js': application(module),
    'src/triple.task.js': TASK,
    'package.json': '{ "type": "module" }',
  });
  const source = JSON.stringify(new URL(`file://${folder.file('src/triple.task.js')}`).href);
  await build({
    absWorkingDir: folder.path,
    entryPoints: ['src/app.js'],
    outfile: folder.file('out/app.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { 'import.meta.url': source },
    logLevel: 'error',
  });
}

const run = async (): Promise<unknown> =>
  (await node(['--enable-source-maps', folder.file('out/app.js')], {}, folder.path)).result;

describe('a place that a bundler has written into a task', () => {
  it('fails the start where the source still is, with what runs and the cure', async () => {
    await bundle(tracing('maxThreads: 1'));
    expect(await run()).toEqual([
      'at the start',
      'OffloadTaskFileError',
      expect.stringMatching(
        /task "triple" is said to be .*src\/triple\.task\.js, but what runs is .*out\/app\.js: .*importMeta: false/,
      ),
    ]);
  });

  it('fails the start where the source is not', async () => {
    await bundle(tracing('maxThreads: 1'));
    await rm(folder.file('src'), { recursive: true });
    expect(await run()).toEqual([
      'at the start',
      'OffloadTaskFileError',
      expect.stringMatching(/src\/triple\.task\.js, but what runs is .*out\/app\.js/),
    ]);
  });

  it('is no hindrance to tasks that need no file', async () => {
    await bundle(tracing("backend: 'inline'"));
    expect(await run()).toBe(21);
  });
});

describe('a place that is right', () => {
  const plain = application(tracing('maxThreads: 1'));

  it('may be given to a function of the application that defines tasks', async () => {
    folder = await ApplicationFolder.create({
      'app.js': plain,
      'define.js': `
import { defineTask } from 'nestjs-tracing/offload';
export const define = (place, name, work) => defineTask(place, name, (value) => work(value) * 3);
`,
      'triple.task.js': `
import { define } from './define.js';
export const triple = define(import.meta.url, 'triple', (value) => value);
`,
      'package.json': '{ "type": "module" }',
    });
    expect((await node(['app.js'], {}, folder.path)).result).toBe(21);
  });

  it('may be behind a link, and may carry a query', async () => {
    folder = await ApplicationFolder.create({
      'app.js': plain.replace('./triple.task.js', './linked/triple.task.js?v=1'),
      'real/triple.task.js': TASK,
      'package.json': '{ "type": "module" }',
    });
    await symlink(folder.file('real'), folder.file('linked'));
    expect((await node(['app.js'], {}, folder.path)).result).toBe(21);
    const kept = ['--preserve-symlinks', '--preserve-symlinks-main', 'app.js'];
    expect((await node(kept, {}, folder.path)).result).toBe(21);
  });

  it('is taken at its word where code is evaluated', async () => {
    folder = await ApplicationFolder.create({
      'app.js': plain,
      'triple.task.js': `
import { defineTask } from 'nestjs-tracing/offload';
const make = new Function('defineTask', 'place', 'return defineTask(place, "triple", (value) => value * 3)');
export const triple = make(defineTask, new URL('triple.task.js', import.meta.url).href);
`,
      'package.json': '{ "type": "module" }',
    });
    expect((await node(['app.js'], {}, folder.path)).result).toBe(21);
  });
});

describe('a file that is not there', () => {
  it('fails the start of an application that has a task in it', async () => {
    folder = await ApplicationFolder.create({
      'app.js': application(tracing('maxThreads: 1')),
      'triple.task.js': TASK.replace('import.meta.url', "new URL('gone.js', import.meta.url)"),
      'package.json': '{ "type": "module" }',
    });
    expect((await node(['app.js'], {}, folder.path)).result).toEqual([
      'at the start',
      'OffloadTaskFileError',
      expect.stringMatching(/"triple".*gone\.js, does not exist\. Deploy it/),
    ]);
  });

  it('is no matter if another file is named on purpose that is there', async () => {
    folder = await ApplicationFolder.create({
      'app.js': application(tracing('maxThreads: 1')),
      'triple.task.js': TASK.replace('import.meta.url', "new URL('real.js', import.meta.url)"),
      'real.js': TASK,
      'package.json': '{ "type": "module" }',
    });
    expect((await node(['app.js'], {}, folder.path)).result).toBe(21);
  });

  it.each([
    ["runOn: 'process'", 'started'],
    ["runOn: 'pool'", expect.stringMatching(/"triple".*gone\.js, does not exist\. Deploy it/)],
  ])('fails a host that runs it on threads, and no other (%s)', async (options, expected) => {
    folder = await ApplicationFolder.create({
      'host.js': `
import 'reflect-metadata';
import { createOffloadHost } from 'nestjs-tracing/bullmq';
import { triple } from './triple.task.js';
try {
  const host = createOffloadHost({ tasks: [triple], connection: 'redis://127.0.0.1:6379', queue: 'baked', ${options} });
  console.log(JSON.stringify('started'));
  await host.close(100);
} catch (error) {
  console.log(JSON.stringify(error.message));
}
process.exit();
`,
      'triple.task.js': TASK.replace('import.meta.url', "new URL('gone.js', import.meta.url)"),
      'package.json': '{ "type": "module" }',
    });
    expect((await node(['host.js'], {}, folder.path)).result).toEqual(expected);
  });
});
