import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ApplicationFolder } from './application-folder.js';
import { RECIPES, bundleWith, compileWithSwc, loadOptional } from './bundlers.js';
import type { Bundler } from './bundlers.js';
import { node } from './plain-node.js';

type SwcForm = readonly ['es6', 'module'] | readonly ['commonjs', 'commonjs'];

const TASK = (place: string): string => `
import { defineTask } from 'nestjs-tracing/offload';
export class TooBigError extends RangeError {}
export const triple = defineTask(${place}, 'triple', (value) => {
  if (value > 100) throw new TooBigError('too big');
  return value * 3;
});
`;

const APPLICATION = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { TooBigError, triple } from './triple.task.js';

class Application {}
Module({ imports: [TracingModule.forRoot({ exporter: 'none', offload: { maxThreads: 1 } })] })(
  Application,
);

async function main() {
  const options = { logger: ['warn', 'error'], abortOnError: false };
  const app = await NestFactory.createApplicationContext(Application, options);
  const tracing = app.get(TracingService);
  const error = await tracing.offload(triple, 1000).catch((thrown) => thrown);
  console.log(JSON.stringify([await tracing.offload(triple, 7), error instanceof TooBigError]));
  await app.close();
}

main().catch((error) => console.log(JSON.stringify(error.message)));
`;

let folder: ApplicationFolder;

async function create(type: 'module' | 'commonjs', place = 'import.meta.url'): Promise<void> {
  folder = await ApplicationFolder.create({
    'src/app.js': APPLICATION,
    'src/triple.task.js': TASK(place),
    'src/package.json': '{ "type": "module" }',
    'package.json': JSON.stringify({ type }),
  });
}

/** Runs what was built as it is deployed: without the sources. */
async function deployed(): Promise<unknown> {
  await rm(folder.file('src'), { recursive: true });
  return (await node([folder.file('out/app.js')], {}, folder.path)).result;
}

const missing = async (name: string): Promise<string> =>
  (await loadOptional(name)) === undefined ? `, skipped: npm install --save-dev ${name}` : '';

/** Bundles applications by their recipes, and runs what is deployed. */
export async function describeBundlers(bundlers: readonly Bundler[]): Promise<void> {
  for (const bundler of bundlers) {
    const reason = await missing(bundler);
    describe.skipIf(reason !== '')(`with ${bundler}${reason}`, () => {
      afterEach(() => folder.remove());

      it('an ESM application with an entry for its task offloads', async () => {
        await create('module');
        await bundleWith(bundler, folder, RECIPES.ESM);
        expect(await deployed()).toEqual([21, true]);
      });

      it('a CommonJS application with an entry for its task offloads', async () => {
        await create('commonjs', '__filename');
        await bundleWith(bundler, folder, RECIPES.CommonJS);
        expect(await deployed()).toEqual([21, true]);
      });

      it('an application that says nothing of its task does not start, and says what to do', async () => {
        await create('module');
        await bundleWith(bundler, folder, RECIPES.none);
        const message = /src\/triple\.task\.js, but what runs is .*out\/app\.js.*importMeta: false/;
        expect((await node([folder.file('out/app.js')], {}, folder.path)).result).toMatch(message);
        expect(await deployed()).toMatch(message);
      });
    });
  }
}

/** Compiles applications file by file, and runs what is deployed. */
export async function describeSwc(forms: readonly SwcForm[]): Promise<void> {
  const reason = await missing('@swc/core');
  describe.skipIf(reason !== '')(`with swc, file by file${reason}`, () => {
    afterEach(() => folder.remove());

    it.each(forms)('an application of %s offloads with import.meta.url', async (module, type) => {
      await create(type);
      await compileWithSwc(folder, module);
      expect(await deployed()).toEqual([21, true]);
    });
  });
}
