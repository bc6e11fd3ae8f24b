import { afterEach, describe, expect, it } from 'vitest';
import { ApplicationFolder } from './application-folder.js';
import { node } from './plain-node.js';

/** An enum is TypeScript that Node's own type stripping refuses: it shows that tsx is at work. */
const TASK = `
import { trace } from '@opentelemetry/api';
import { defineTask } from 'nestjs-tracing/offload';

enum Factor { Triple = 3 }

export interface Price { readonly cents: number }

export const triple = defineTask(PLACE, 'triple', (price: Price) => {
  trace.getTracer('shop').startSpan('multiply').end();
  return {
    cents: price.cents * Factor.Triple,
    preloads: (globalThis as { preloads?: number }).preloads ?? 0,
  };
});
`;

/** tsx writes no metadata of types: what a constructor gets is named by @Inject. */
const APPLICATION = `
import 'reflect-metadata';
import { Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Traced, TracingModule, TracingService } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { triple } from './triple.task.js';

@Injectable()
class Shop {
  constructor(@Inject(TracingService) private readonly tracing: TracingService) {}

  @Traced()
  async price(cents: number): Promise<{ cents: number; preloads: number }> {
    return this.tracing.offload(triple, { cents });
  }
}

@Module({ imports: [TracingModule.forRoot({ offload: { maxThreads: 1 } })], providers: [Shop] })
class Application {}

async function main(): Promise<void> {
  const spans = recordSpans();
  const app = await NestFactory.createApplicationContext(Application, { logger: ['warn', 'error'] });
  const { cents, preloads } = await app.get(Shop).price(7);
  await app.close();
  const here = (globalThis as { preloads?: number }).preloads;
  console.log(JSON.stringify({ cents, preloads: [here, preloads], tree: spans.tree() }));
  await spans.stop();
}

void main();
`;

const PRELOAD = 'globalThis.preloads = (globalThis.preloads ?? 0) + 1;';

const FORMS = [
  { form: 'ESM', type: 'module', place: 'import.meta.url' },
  { form: 'CommonJS', type: 'commonjs', place: '__filename' },
] as const;

let folder: ApplicationFolder;
afterEach(() => folder.remove());

describe('under node --import tsx', () => {
  it.each(FORMS)('W16 W17 an $form application offloads', async ({ type, place }) => {
    folder = await ApplicationFolder.create({
      'package.json': JSON.stringify({ type }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { experimentalDecorators: true } }),
      'triple.task.ts': TASK.replace('PLACE', place),
      'app.ts': APPLICATION,
      'preload.mjs': PRELOAD,
    });
    const args = ['--import', './preload.mjs', '--import', 'tsx', 'app.ts'];
    const { result, stderr } = await node(args, {}, folder.path);
    expect(result).toEqual({
      cents: 21,
      preloads: [1, 0],
      tree: 'Shop.price\n  offload triple\n    task triple\n      multiply',
    });
    expect(stderr).toBe('');
  });
});
