import { Test } from '@nestjs/testing';
import { recordSpans } from 'nestjs-tracing/testing';
import { AppModule } from './app.module.js';
import { TREE, visit } from './visit.js';

const spans = recordSpans();
afterAll(() => spans.stop());

it('traces the requests', async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  await visit(module.createNestApplication());
  expect(spans.tree({ attributes: ['order.id'] })).toBe(TREE);
  spans.assertNoOpenSpans();
});
