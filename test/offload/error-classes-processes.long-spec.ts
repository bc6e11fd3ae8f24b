import { afterEach, describe, expect, it } from 'vitest';
import { ApplicationFolder } from './application-folder.js';
import { node } from './plain-node.js';

const ESM_TASK = `
import { defineTask } from 'nestjs-tracing/offload';
export class EmptyShelfError extends RangeError {}
globalThis.runs = (globalThis.runs ?? 0) + 1;
export const take = defineTask(import.meta.url, 'take', () => { throw new EmptyShelfError('empty'); });
`;

const CJS_TASK = `
const { defineTask } = require('nestjs-tracing/offload');
class EmptyShelfError extends RangeError {}
globalThis.runs = (globalThis.runs ?? 0) + 1;
const take = defineTask(__filename, 'take', () => { throw new EmptyShelfError('empty'); });
module.exports = { ...{ EmptyShelfError, take } };
`;

const REQUIRED = ['reflect-metadata', '@nestjs/common', '@nestjs/core', 'nestjs-tracing'];

const APPLICATION = (backend: string) => `
class Application {}
Module({ imports: [TracingModule.forRoot({ exporter: 'none', offload: { backend: '${backend}' } })] })(Application);

async function main() {
  const app = await NestFactory.createApplicationContext(Application, { logger: ['warn', 'error'] });
  const error = await app.get(TracingService).offload(take).catch((thrown) => thrown);
  console.log(JSON.stringify([error instanceof EmptyShelfError, error.message, globalThis.runs]));
  await app.close();
}

void main();
`;

const ESM_IMPORTS = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { EmptyShelfError, take } from './shelf.task.js';
`;

const CJS_IMPORTS = `
const [, { Module }, { NestFactory }, { TracingModule, TracingService }] = ${JSON.stringify(REQUIRED)}.map(
  (name) => require(name),
);
const { EmptyShelfError, take } = require('./shelf.task.js');
`;

const FORMS = [
  { form: 'ESM', type: 'module', task: ESM_TASK, imports: ESM_IMPORTS, backend: 'piscina' },
  { form: 'ESM', type: 'module', task: ESM_TASK, imports: ESM_IMPORTS, backend: 'inline' },
  { form: 'CommonJS', type: 'commonjs', task: CJS_TASK, imports: CJS_IMPORTS, backend: 'piscina' },
  { form: 'CommonJS', type: 'commonjs', task: CJS_TASK, imports: CJS_IMPORTS, backend: 'inline' },
] as const;

let folder: ApplicationFolder;
afterEach(() => folder.remove());

describe('in plain Node', () => {
  it.each(FORMS)(
    'an exported class arrives in an application of $form ($backend), whose task file runs once',
    async ({ type, task, imports, backend }) => {
      folder = await ApplicationFolder.create({
        'package.json': JSON.stringify({ type }),
        'shelf.task.js': task,
        'app.js': imports + APPLICATION(backend),
      });
      const { result, stderr } = await node(['app.js'], {}, folder.path);
      expect([result, stderr]).toEqual([[true, 'empty', 1], '']);
    },
  );
});
