import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Test } from '@nestjs/testing';
import { recordSpans } from 'nestjs-tracing/testing';
import { AppModule } from './app.module.js';
import { TREE, visit } from './visit.js';

const spans = recordSpans();
after(() => spans.stop());

void test('traces the requests', async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  await visit(module.createNestApplication());
  assert.equal(spans.tree({ attributes: ['order.id'] }), TREE);
  spans.assertNoOpenSpans();
});
