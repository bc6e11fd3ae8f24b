import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { GraphqlApp, SETUPS } from './support/graphql-app.js';
import { OrdersResolver, SessionResolver, failure } from './support/orders.js';

const spans = recordSpans();
afterAll(() => spans.stop());

describe.each(SETUPS)('an operation with %s', (setup) => {
  let app: GraphqlApp;

  beforeAll(async () => {
    app = await GraphqlApp.start(setup, { providers: [OrdersResolver, SessionResolver] });
  });
  afterEach(() => spans.reset());
  afterAll(() => app.close());

  /** The tree of what was recorded, once the server has ended its span. */
  async function recorded(): Promise<string> {
    await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(1));
    spans.assertNoOpenSpans();
    return spans.tree({ status: false });
  }

  it('GQ1 GQ2 GQ3 has a span below that of its request, and all of it runs inside', async () => {
    const { data } = await app.post({ query: '{ orders(first: 2) { id total user { id } } }' });
    expect(data?.['orders']).toHaveLength(2);
    expect(await recorded()).toBe(
      [
        'POST /graphql',
        '  query',
        '    guard',
        '    interceptor',
        '    select orders',
        '    total 0',
        '    total 1',
        '    select user 0',
        '    select user 1',
      ].join('\n'),
    );
    expect(spans.one('query')).toMatchObject({
      kind: SpanKind.SERVER,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'graphql.operation.type': 'query',
        'code.function.name': 'OrdersResolver.orders',
      },
    });
    expect(spans.one('query').attributes).not.toHaveProperty('graphql.document');
  });

  it('GQ4 is called by its type and name as the document has them', async () => {
    await app.post({ query: 'mutation Place { placeOrder(id: "1") { id } }' });
    await recorded();
    expect(spans.one('mutation').attributes).toMatchObject({
      'graphql.operation.type': 'mutation',
      'graphql.operation.name': 'Place',
    });
    spans.reset();
    const query = 'query A { alive } query B { alive }';
    await app.post({ query, operationName: 'B' });
    await recorded();
    expect(spans.one('query').attributes['graphql.operation.name']).toBe('B');
  });

  it('GQ1 GQ3 has a span for each of a batch, and none is mixed with another', async () => {
    const batch = Array.from({ length: 5 }, (_, id) => ({
      query: `query Q${id} { order(id: "${id}") { id user { id } } }`,
    }));
    const answers = await app.post<unknown[]>(batch);
    expect(answers).toHaveLength(5);
    await recorded();
    const operations = spans.named('query');
    expect(operations).toHaveLength(5);
    const server = spans.one('POST /graphql').spanContext().spanId;
    for (const operation of operations) {
      expect(operation.parentSpanContext?.spanId).toBe(server);
      const id = String(operation.attributes['graphql.operation.name']).slice(1);
      expect(spans.childrenOf(operation).map(({ name }) => name)).toEqual([
        `select order ${id}`,
        `select user ${id}`,
      ]);
    }
  });

  it('GQ5 is ERROR with what its resolver threw, and its request is left alone', async () => {
    const response = await app.respond({ query: '{ broken { id } alive }' });
    expect(response.status).toBe(200);
    await response.text();
    await recorded();
    const { status, events, attributes } = spans.one('query');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: failure.message });
    expect(attributes['error.type']).toBe('RangeError');
    expect(events.map((event) => event.attributes?.['exception.type'])).toEqual(['RangeError']);
    const server = spans.one('POST /graphql');
    expect(server.status.code).toBe(SpanStatusCode.UNSET);
    expect(server.events).toEqual([]);
  });

  it('GQ5 stays UNSET with an expected error, which is an event', async () => {
    await app.post({ query: '{ missing { id } }' });
    await recorded();
    const { status, events, attributes } = spans.one('query');
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes['error.type']).toBe('NotFoundException');
    expect(events).toHaveLength(1);
  });

  it('GQ5 that a guard refuses says so, and that no resolver was reached', async () => {
    await app.post({ query: '{ refused { id } }' });
    await recorded();
    const { status, events, attributes } = spans.one('query');
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(events).toHaveLength(1);
    expect(attributes).toMatchObject({
      'error.type': 'ForbiddenException',
      'nestjs.handler.reached': false,
    });
  });

  it('GQ5 records each of several errors once, and is ERROR for one of them', async () => {
    await app.post({ query: '{ a: broken { id } b: missing { id } c: broken { id } forbidden }' });
    await recorded();
    const { status, events } = spans.one('query');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: failure.message });
    expect(events.map((event) => String(event.attributes?.['exception.type'])).toSorted()).toEqual([
      'ForbiddenException',
      'NotFoundException',
      'RangeError',
    ]);
  });

  it.each([
    ['parsed', '{ orders( }', undefined],
    ['validated', 'query Bad { nothing }', 'Bad'],
  ])('GQ6 that cannot be %s has a span, which ends with its response', async (_, query, name) => {
    const { errors } = await app.post({ query });
    expect(errors).toHaveLength(1);
    await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(1));
    await vi.waitFor(() => expect(spans.finished).toHaveLength(2));
    const [operation] = spans.childrenOf(spans.one('POST /graphql'));
    expect(operation?.name).toBe(name === undefined ? 'GraphQL Operation' : 'query');
    expect(operation?.attributes['graphql.operation.name']).toBe(name);
    expect(operation?.status.code).toBe(SpanStatusCode.UNSET);
    expect(operation?.attributes['error.type']).toBeDefined();
  });

  it('GQ6 of a batch that is refused harms no other', async () => {
    await app.post([{ query: '{ alive }' }, { query: '{ nothing }' }, { query: '{ alive }' }]);
    await vi.waitFor(() => expect(spans.named('query')).toHaveLength(3));
    const failed = spans.named('query').filter(({ attributes }) => attributes['error.type']);
    expect(failed).toHaveLength(1);
    expect(spans.open).toEqual([]);
  });

  it('GQ11 makes its request-scoped resolver inside', async () => {
    await app.post({ query: '{ session }' });
    expect(await recorded()).toBe('POST /graphql\n  query\n    made\n    select session');
  });

  it('GQ1 has one where it calls no resolver', async () => {
    await app.post({ query: 'query Ping { __typename }' });
    await recorded();
    expect(spans.one('query').attributes['graphql.operation.name']).toBe('Ping');
  });

  it('T13 has none below a caller that is sampled out, and answers the same', async () => {
    const headers = {
      'content-type': 'application/json',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`,
    };
    const body = JSON.stringify({ query: '{ order(id: "1") { id user { id } } }' });
    const response = await fetch(app.url, { method: 'POST', headers, body });
    expect(await response.json()).toEqual({
      data: { order: { id: '1', user: { id: 'user 1' } } },
    });
    expect(spans.finished).toEqual([]);
    expect(spans.open).toEqual([]);
  });
});
