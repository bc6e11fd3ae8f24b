import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { GraphqlApp } from './support/graphql-app.js';
import type { Setup } from './support/graphql-app.js';
import { OrdersResolver, SessionResolver } from './support/orders.js';

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

describe.each<Setup>(['apollo on express', 'mercurius on fastify'])('with %s', (setup) => {
  /** Sends one operation to an application with these options. */
  async function send(
    query: string,
    graphql: TracingModuleOptions['graphql'] & object,
    variables = {},
  ): Promise<unknown> {
    const providers = [OrdersResolver, SessionResolver];
    const app = await GraphqlApp.start(setup, { providers, tracing: { graphql } });
    const answer = await app.post({ query, variables });
    await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(1));
    await app.close();
    spans.assertNoOpenSpans();
    return answer;
  }

  it('GQ7 the document is on the span by option, its literals replaced', async () => {
    await send(
      'query ($id: String!) { a: order(id: "secret") { id } b: order(id: $id) { id } }',
      {
        document: true,
      },
      { id: 'secret' },
    );
    const [span] = spans.named('query');
    expect(span?.attributes['graphql.document']).toBe(
      'query ($id: String!) { a: order(id: "*") { id } b: order(id: $id) { id } }',
    );
    expect(JSON.stringify(span?.attributes)).not.toContain('secret');
  });

  it('GQ1 the name is in the name of the span by option', async () => {
    await send('query Find { alive }', { operationNames: true });
    expect(spans.one('query Find').attributes['graphql.operation.name']).toBe('Find');
  });

  it.each([
    ['by name', 'query Health { alive }', ['Health']],
    ['by pattern', 'query Health { alive }', [/^heal/i]],
    ['introspection', '{ __schema { types { name } } }', ['__schema']],
    ['a health query', '{ __typename }', ['__schema']],
  ])('GQ14 operations can be ignored: %s', async (_, query, ignore) => {
    await send(query, { ignore });
    expect(spans.tree()).toBe('POST /graphql');
  });

  it('GQ14 others are not', async () => {
    await send('query Other { alive }', { ignore: ['Health', '__schema', /x/g] });
    expect(spans.named('query')).toHaveLength(1);
  });

  it('GQ8 there is no span of a field', async () => {
    await send('{ orders(first: 3) { id total user { id } } }', {});
    expect(spans.named('Order.user')).toEqual([]);
    expect(spans.named('Order.id')).toEqual([]);
  });

  it('GQ8 fields with a resolver have spans by option, twenty and one for the rest', async () => {
    await send('{ orders(first: 50) { id total user { id } } }', { resolvers: 'custom' });
    const operation = spans.one('query');
    for (const name of ['Order.user', 'Order.total']) {
      const fields = spans.named(name);
      expect(fields).toHaveLength(21);
      const ids = new Set(fields.map((span) => span.parentSpanContext?.spanId));
      expect(ids).toEqual(new Set([operation.spanContext().spanId]));
      const summary = fields.find(({ attributes }) => 'async.collapsed.count' in attributes);
      expect(summary?.attributes).toMatchObject({
        'async.collapsed.count': 30,
        'async.collapsed.errors': 0,
        'nestjs.graphql.field': name,
      });
    }
    expect(spans.named('Order.id')).toEqual([]);
    expect(spans.named('select user 49')).toHaveLength(1);
    const known = new Set(spans.finished.map((span) => span.spanContext().spanId));
    const parents = spans.finished.map((span) => span.parentSpanContext?.spanId);
    expect(parents.filter((id) => id !== undefined && !known.has(id))).toEqual([]);
  });
});

describe('the compiler of Mercurius', () => {
  it('GQ3 calls resolvers inside the operation as well', async () => {
    const app = await GraphqlApp.start('mercurius on fastify', {
      providers: [OrdersResolver, SessionResolver],
      graphql: { jit: 1 },
      tracing: { graphql: { resolvers: 'custom' } },
    });
    const query = 'query ($id: String!) { order(id: $id) { id user { id } total } }';
    for (const id of ['1', '2', '3', '4']) {
      const { data } = await app.post({ query, variables: { id } });
      expect(data).toEqual({ order: { id, user: { id: `user ${id}` }, total: 1 } });
    }
    await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(4));
    const trees = spans
      .tree()
      .split('\nPOST')
      .map((tree) => tree.replaceAll(/\d/g, 'n'));
    expect(new Set(trees.map((tree) => tree.replace('POST', '').trim())).size).toBe(1);
    expect(spans.named('Order.user')).toHaveLength(4);
    const operations = new Set(spans.named('query').map((span) => span.spanContext().spanId));
    for (const field of spans.named('Order.user')) {
      expect(operations).toContain(field.parentSpanContext?.spanId);
    }
    await app.close();
  });
});

describe('graphql: false', () => {
  it('leaves the schema, its resolvers and the hooks alone', async () => {
    const providers = [OrdersResolver, SessionResolver];
    const original: unknown = Reflect.get(OrdersResolver.prototype, 'order');
    const app = await GraphqlApp.start('apollo on express', {
      providers,
      tracing: { graphql: false },
    });
    expect(Reflect.get(OrdersResolver.prototype, 'order')).toBe(original);
    await app.post({ query: '{ alive }' });
    await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(1));
    expect(spans.finished).toHaveLength(1);
    await app.close();
  });
});
