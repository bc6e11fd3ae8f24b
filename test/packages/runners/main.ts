import 'reflect-metadata';
import assert from 'node:assert/strict';
import { NestFactory } from '@nestjs/core';
import { recordSpans } from 'nestjs-tracing/testing';
import { AppModule } from './app.module.js';
import { TREE, visit } from './visit.js';

async function main(): Promise<void> {
  const spans = recordSpans();
  await visit(await NestFactory.create(AppModule, { logger: ['warn', 'error'] }));
  assert.equal(spans.tree({ attributes: ['order.id'] }), TREE);
  await spans.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
