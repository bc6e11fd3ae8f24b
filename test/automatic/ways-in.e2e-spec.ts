import { NestFactory } from '@nestjs/core';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { ADAPTERS, HybridApp, SERVERS_ONLY } from './support/hybrid-app.js';
import { shopModule } from './support/shop.js';

describe.each(Object.entries(ADAPTERS))('automatic spans of every way in, on %s', (_, adapter) => {
  let spans: ReturnType<typeof recordSpans>;
  let app: HybridApp;

  beforeAll(async () => {
    spans = recordSpans();
    const tracing = { autoTrace: { enhancers: true }, ...SERVERS_ONLY };
    app = await HybridApp.start(shopModule(tracing), adapter());
  });
  afterEach(() => spans.reset());
  afterAll(async () => {
    await app.close();
    await spans.stop();
  });

  /** The automatic spans of what came in, once its own span is there. */
  const within = async (entry: string): Promise<string[]> => {
    await eventually(() => expect(spans.named(entry)).toHaveLength(1));
    const { traceId } = spans.one(entry).spanContext();
    return spans.finished
      .filter((span) => span.spanContext().traceId === traceId && /^\w+\.\w+$/.test(span.name))
      .map(({ name }) => name)
      .toSorted();
  };

  const ENHANCED = ['OrdersService.clean', 'OrdersService.clean', 'OrdersService.find'];

  it('AU1 AU7 AU9 HTTP: middleware, guard, interceptor, pipe, handler, service, each once', async () => {
    const response = await fetch(`${app.url}/orders/%207`);
    expect(await response.text()).toBe('<order 7>');
    expect(response.headers.get('x-tag')).toBe('tagged');
    expect(await within('GET /orders/:id')).toEqual([
      'OrdersController.find',
      ...ENHANCED,
      'RolesGuard.canActivate',
      'TagMiddleware.use',
      'TrimPipe.transform',
      'WrapInterceptor.intercept',
    ]);
    const server = spans.one('GET /orders/:id');
    const children = spans.childrenOf(server).map(({ name }) => name);
    expect(children).toContain('RolesGuard.canActivate');
    // The interceptor's span lasts before and after: what it calls lies within.
    const intercepted = spans.childrenOf(spans.one('WrapInterceptor.intercept'));
    expect(intercepted.map(({ name }) => name)).toContain('OrdersController.find');
  });

  it('AU9 HTTP: a filter that catches, and the failures that it saw', async () => {
    const response = await fetch(`${app.url}/orders/bad`);
    expect([response.status, await response.text()]).toEqual([409, 'no such order']);
    const names = await within('GET /orders/:id');
    expect(names.filter((name) => name === 'RefusedFilter.catch')).toHaveLength(1);
    expect(spans.one('OrdersService.find').status.message).toBe('no such order');
  });

  it('AU9 TCP of a hybrid application', async () => {
    expect(await app.send('order', ' 7')).toBe('<order 7>');
    expect(await within('order')).toEqual([
      'OrdersController.answer',
      ...ENHANCED,
      'RolesGuard.canActivate',
      'TrimPipe.transform',
      'WrapInterceptor.intercept',
    ]);
  });

  it('AU9 socket.io, whose hooks have spans of their own', async () => {
    const socket = await app.connect();
    expect(await socket.emitWithAck('order', ' 7')).toBe('<order 7>');
    expect(await within('process order')).toEqual([
      'OrdersGateway.order',
      ...ENHANCED,
      'RolesGuard.canActivate',
      'TrimPipe.transform',
      'WrapInterceptor.intercept',
    ]);
    expect(await within('connect OrdersGateway')).toEqual(['OrdersService.clean']);
    socket.disconnect();
    await eventually(() => expect(spans.named('disconnect OrdersGateway').length).toBeLessThan(2));
  });

  it('AU9 GraphQL', async () => {
    const answer = { data: { order: { name: 'order 7' } } };
    expect(await app.graphql('{ order(id: " 7") { name } }')).toEqual(answer);
    expect(await within('query')).toEqual([
      ...['OrdersResolver.order', ...ENHANCED].toSorted(),
      'RolesGuard.canActivate',
      'TrimPipe.transform',
    ]);
  });

  it('AU10 CQRS: a handler has the span of its bus, and no second one', async () => {
    const response = await fetch(`${app.url}/orders/created/7`);
    expect(await response.text()).toBe('<order 7>');
    await within('GET /orders/created/:id');
    await eventually(() => expect(spans.named('OrderCreatedHandler.handle')).toHaveLength(1));
    expect(spans.named('CreateOrderHandler.execute')).toEqual([]);
    const command = spans.one('CreateOrder');
    expect(spans.childrenOf(command).map(({ name }) => name)).toContain('OrdersService.find');
  });

  it('AU9 leaves enhancers out where they are not asked for', async () => {
    const plain = await NestFactory.create(
      shopModule({ autoTrace: true, http: { outgoing: false } }),
      adapter(),
      { logger: false },
    );
    await plain.listen(0, '127.0.0.1');
    const response = await fetch(`${await plain.getUrl()}/orders/7`);
    expect(await response.text()).toBe('<order 7>');
    await plain.close();
    const names = await within('GET /orders/:id');
    expect(names).toEqual(['OrdersController.find', ...ENHANCED]);
  });
});
