import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { recordSpans } from 'nestjs-tracing/testing';
import { lastValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { shopModule } from './support/shop.js';

const ADAPTERS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

describe.each(Object.entries(ADAPTERS))('automatic spans of every way in, on %s', (_, adapter) => {
  let spans: ReturnType<typeof recordSpans>;
  let app: INestApplication;
  let url: string;
  let port: number;

  beforeAll(async () => {
    spans = recordSpans();
    port = await freePort();
    const tracing = {
      autoTrace: { enhancers: true },
      http: { outgoing: false },
      microservices: { outgoing: false },
    } as const;
    app = await NestFactory.create(shopModule(tracing), adapter(), { logger: false });
    const options = { transport: Transport.TCP, options: { port, host: '127.0.0.1' } } as const;
    app.connectMicroservice(options, { inheritAppConfig: true });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
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
    const response = await fetch(`${url}/orders/%207`);
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
    const response = await fetch(`${url}/orders/bad`);
    expect([response.status, await response.text()]).toEqual([409, 'no such order']);
    const names = await within('GET /orders/:id');
    expect(names.filter((name) => name === 'RefusedFilter.catch')).toHaveLength(1);
    expect(spans.one('OrdersService.find').status.message).toBe('no such order');
  });

  it('AU9 TCP of a hybrid application', async () => {
    const options = { port, host: '127.0.0.1' };
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    expect(await lastValueFrom(client.send('order', ' 7'))).toBe('<order 7>');
    expect(await within('order')).toEqual([
      'OrdersController.answer',
      ...ENHANCED,
      'RolesGuard.canActivate',
      'TrimPipe.transform',
      'WrapInterceptor.intercept',
    ]);
    client.close();
  });

  it('AU9 socket.io, whose hooks have spans of their own', async () => {
    const socket = io(url, { transports: ['websocket'] });
    await new Promise<void>((resolve) => void socket.on('connect', resolve));
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
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ order(id: " 7") { name } }' }),
    });
    expect(await response.json()).toEqual({ data: { order: { name: 'order 7' } } });
    expect(await within('query')).toEqual([
      ...['OrdersResolver.order', ...ENHANCED].toSorted(),
      'RolesGuard.canActivate',
      'TrimPipe.transform',
    ]);
  });

  it('AU10 CQRS: a handler has the span of its bus, and no second one', async () => {
    const response = await fetch(`${url}/orders/created/7`);
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
