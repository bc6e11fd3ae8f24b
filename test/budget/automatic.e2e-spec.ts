import type { Span } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import { GraphqlApp } from '../graphql/support/graphql-app.js';
import type { Setup } from '../graphql/support/graphql-app.js';
import { OrdersResolver } from '../graphql/support/orders.js';
import { HttpApp } from '../http/support/http-app.js';
import { KeptSpans } from '../http/support/kept-spans.js';
import { Note, noteSource } from '../typeorm/support/notes.js';

let stop: () => Promise<unknown>;
afterEach(() => stop());

const QUERY = '{ orders(first: 50) { id total user { id } } }';

describe.each<Setup>(['apollo on express', 'mercurius on fastify'])(
  'fields of GraphQL with %s',
  (setup) => {
    let spans: KeptSpans;
    let graphql: GraphqlApp;

    async function query(spanBudget: TracingModuleOptions['spanBudget']): Promise<ReadableSpan> {
      spans = new KeptSpans();
      graphql = await GraphqlApp.start(setup, {
        providers: [OrdersResolver],
        tracing: {
          exporter: 'none',
          spanBudget: spanBudget!,
          graphql: { resolvers: 'custom' },
          sdk: { autoDetectResources: false, spanProcessors: [spans] },
        },
      });
      stop = () => graphql.close();
      const { data } = await graphql.post({ query: QUERY });
      expect(data?.['orders']).toHaveLength(50);
      return spans.one('POST /graphql');
    }

    const fields = () =>
      spans.finished.filter(({ name }) => name === 'Order.user' || name === 'Order.total');
    const summaries = () =>
      fields().filter(({ attributes }) => 'async.collapsed.count' in attributes);
    const stats = () => graphql.app.get(TracingService).stats().spans;

    it('AU17 the root says how many calls share a span', async () => {
      const root = await query(true);
      expect(fields()).toHaveLength(2 * 21);
      expect(root.attributes['async.spans.collapsed']).toBe(2 * 30);
      expect(stats().collapsed).toBe(2 * 30);
      expect(root.attributes).not.toHaveProperty('async.spans.dropped');
    });

    it('AU15 as many calls have spans of their own as the option says', async () => {
      const root = await query({ collapseAfter: 5 });
      expect(fields()).toHaveLength(2 * 6);
      expect(root.attributes['async.spans.collapsed']).toBe(2 * 45);
    });

    it('AU15 all of them, without a budget', async () => {
      const root = await query(false);
      expect(fields()).toHaveLength(2 * 50);
      expect(root.attributes).not.toHaveProperty('async.spans.collapsed');
    });

    it('AU18 AU17 calls beyond the budget have no span, those that are collapsed are not dropped', async () => {
      const root = await query({ perTrace: 20 });
      const own = fields().length - summaries().length;
      const dropped = root.attributes['async.spans.dropped'] as number;
      expect(own + dropped).toBe(2 * 20);
      expect(own).toBeLessThan(20);
      expect(root.attributes['async.spans.collapsed']).toBe(2 * 30);
      expect(stats()).toMatchObject({ collapsed: 60, dropped: { budget: dropped } });
      const sum = summaries().reduce(
        (calls, { attributes }) => calls + Number(attributes['async.collapsed.count']),
        0,
      );
      expect(sum).toBe(60);
    });
  },
);

describe('operations on entities', () => {
  it('AU17 have no span beyond the budget, their statements belong to the caller', async () => {
    const app = await HttpApp.start('fastify', { tracing: { spanBudget: { perTrace: 12 } } });
    const dataSource = await instrumentDataSource(noteSource(), {
      entityOperations: true,
    }).initialize();
    stop = async () => {
      await dataSource.destroy();
      await app.close();
    };
    app.spans.reset();
    await trace.getTracer('test').startActiveSpan('batch', async (span: Span) => {
      for (let id = 0; id < 10; id += 1) await dataSource.getRepository(Note).findOneBy({ id });
      span.end();
    });
    const root = await app.spans.one('batch');
    const operations = app.spans.named('findOneBy Note');
    const statements = app.spans.finished.filter(({ name }) => name.startsWith('SELECT'));
    const own = new Set(operations.map((span) => span.spanContext().spanId));
    const ofRoot = statements.filter((span) => !own.has(span.parentSpanContext?.spanId ?? ''));
    expect(statements).toHaveLength(10);
    expect(root.attributes['async.spans.dropped']).toBe(10 - operations.length);
    expect(operations.length).toBeLessThan(10);
    expect(ofRoot).toHaveLength(10 - operations.length);
    for (const span of ofRoot) {
      expect(span.parentSpanContext?.spanId).toBe(root.spanContext().spanId);
    }
  });
});
