import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, ClientsModule, Transport } from '@nestjs/microservices';
import type { ClientGrpc } from '@nestjs/microservices';
import { InterceptingCall, Metadata, Server, ServerInterceptingCall } from '@grpc/grpc-js';
import { SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TracingModule, tracedClient } from 'nestjs-tracing';
import { isChild } from '../../http/support/kept-spans.js';
import { eventually } from '../../support/eventually.js';
import { GrpcApp, PROTO, bareClient, lastMetadata, seen } from './support/grpc-app.js';
import type { GrpcAppOptions, OrdersClient } from './support/grpc-app.js';

let app: GrpcApp | undefined;
const undo: (() => void)[] = [];

async function start(options: GrpcAppOptions = {}): Promise<GrpcApp> {
  app = await GrpcApp.start(options);
  return app;
}

afterEach(async () => {
  for (const each of undo.splice(0)) each();
  await app?.close();
  app = undefined;
  seen.length = 0;
});

const warnings = () => app!.logger.lines.filter((line) => line.includes('Another instrumentation'));

describe('interceptors of the application', () => {
  it('M25 run as before, in the context of the call, and its options stay as they are', async () => {
    const ran: string[] = [];
    const within = () => trace.getActiveSpan()?.spanContext().spanId;
    const onServer = (_method: object, call: ServerInterceptingCall) =>
      new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveHalfClose: (done) => {
              ran.push(`server ${within()}`);
              done();
            },
            onReceiveMetadata: (metadata, done) => done(metadata),
            onReceiveMessage: (message, done) => done(message),
            onCancel: () => undefined,
          }),
      });
    const onClient = (options: object, next: (options: object) => InterceptingCall) =>
      new InterceptingCall(next(options), {
        start: (metadata, listener, proceed) => {
          ran.push(`client ${metadata.get('traceparent').length}`);
          proceed(metadata, listener);
        },
      });
    const server = { channelOptions: { interceptors: [onServer] } } as never;
    const client = { channelOptions: { interceptors: [onClient] } } as never;
    await start({ server, client });
    await firstValueFrom(app!.orders.find({ id: '1' }));
    const spans = await app!.spans.many('shop.Orders/Find', 2);
    const entry = spans.find(({ kind }) => kind === SpanKind.SERVER)!;
    expect(ran).toEqual(['client 1', `server ${entry.spanContext().spanId}`]);
    expect(server).toEqual({ channelOptions: { interceptors: [onServer] } });
    expect(client).toEqual({ channelOptions: { interceptors: [onClient] } });
  });

  it('M25 of a single call, which replace those of the client, leave the span in place', async () => {
    await start();
    const ran: string[] = [];
    const interceptor = (options: object, next: (options: object) => InterceptingCall) => {
      ran.push('call');
      return new InterceptingCall(next(options));
    };
    const given = Object.freeze({ interceptors: Object.freeze([interceptor]) });
    await firstValueFrom(app!.orders.find({ id: '1' }, new Metadata(), given));
    const provided = { interceptor_providers: [() => interceptor] };
    await firstValueFrom(app!.orders.find({ id: '1' }, new Metadata(), provided));
    expect(ran).toEqual(['call', 'call']);
    const spans = await app!.spans.many('shop.Orders/Find', 4);
    const parents = spans.filter(({ kind }) => kind === SpanKind.SERVER);
    expect(parents.every(({ parentSpanContext }) => parentSpanContext !== undefined)).toBe(true);
  });

  it('M25 may be given by providers as well', async () => {
    const asked = vi.fn<() => undefined>();
    await start({ client: { channelOptions: { interceptor_providers: [asked] } } as never });
    await firstValueFrom(app!.orders.find({ id: '1' }));
    await app!.spans.many('shop.Orders/Find', 2);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});

describe('a client', () => {
  it('M24 is traced when its service was asked for in a constructor, before it was found', async () => {
    await start();
    const options = { package: 'shop', protoPath: PROTO, url: `127.0.0.1:${app!.port}` };
    @Injectable()
    class Shop {
      readonly orders: OrdersClient;
      constructor(@Inject('LATE') client: ClientGrpc) {
        this.orders = client.getService<OrdersClient>('Orders');
      }
    }
    @Module({
      imports: [
        TracingModule.forRoot({ exporter: 'none' }),
        ClientsModule.registerAsync([
          { name: 'LATE', useFactory: async () => ({ transport: Transport.GRPC, options }) },
        ]),
      ],
      providers: [Shop],
    })
    class Late {}
    const late = await NestFactory.createApplicationContext(Late, { logger: false });
    await firstValueFrom(late.get(Shop).orders.find({ id: '1' }));
    const [server, client] = await app!.spans.many('shop.Orders/Find', 2);
    expect(isChild(server!, client!)).toBe(true);
    await late.close();
  });

  it('M24 that was made by hand is traced while an application is open', async () => {
    await start();
    const { port } = app!;
    const options = { package: 'shop', protoPath: PROTO, url: `dns:///127.0.0.1:${port}` };
    const client = ClientProxyFactory.create({ transport: Transport.GRPC, options });
    const { orders } = { orders: client.getService<OrdersClient>('Orders') };
    await firstValueFrom(orders.find({ id: '1' }));
    await app!.spans.one('shop.Orders/Find');
    expect(tracedClient(client)).toBe(client);
    app!.spans.reset();
    await firstValueFrom(orders.find({ id: '1' }));
    const [, span] = await app!.spans.many('shop.Orders/Find', 2);
    expect(span!.attributes).toMatchObject({ 'server.address': '127.0.0.1', 'server.port': port });
    (client as unknown as { close(): void }).close();
  });

  it('M10 sends nothing along to whom propagate excludes', async () => {
    const propagate = (method: string) => method !== 'shop.Orders/Find';
    await start({ tracing: { microservices: { outgoing: { propagate } } } });
    await firstValueFrom(app!.orders.find({ id: '1' }));
    const spans = await app!.spans.many('shop.Orders/Find', 2);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(2);
    expect(lastMetadata?.get('traceparent')).toEqual([]);
  });
});

describe('a server', () => {
  it('M16 links to a caller that is not trusted, told by its metadata and method', async () => {
    const told: unknown[] = [];
    const trust = (caller: { getArgByIndex(index: number): unknown }) => {
      told.push(caller.getArgByIndex(1), (caller.getArgByIndex(0) as Metadata).get('tenant'));
      return false;
    };
    await start({ tracing: { microservices: { incoming: { trust } } } });
    const metadata = new Metadata();
    metadata.set('tenant', 'a');
    await firstValueFrom(app!.orders.find({ id: '1' }, metadata));
    const spans = await app!.spans.many('shop.Orders/Find', 2);
    const server = spans.find(({ kind }) => kind === SpanKind.SERVER)!;
    const client = spans.find(({ kind }) => kind === SpanKind.CLIENT)!;
    expect(server.parentSpanContext).toBeUndefined();
    expect(server.links[0]?.context.spanId).toBe(client.spanContext().spanId);
    expect(told).toEqual(['shop.Orders/Find', ['a']]);
  });

  it('opens no span for a method that is ignored, nor for its work', async () => {
    await start({ tracing: { microservices: { incoming: { ignore: [/Find$/] } } } });
    await app!.tracing.span('caller', () => firstValueFrom(app!.orders.find({ id: '1' })));
    const [span] = await app!.spans.many('shop.Orders/Find', 1);
    expect(span!.kind).toBe(SpanKind.CLIENT);
    expect(seen.map(([place]) => place)).toEqual(['guard', 'handler', 'after await']);
    expect(new Set(seen.map(([, id]) => id))).toEqual(new Set([undefined]));
  });

  it('M23 ends the span of a client that has vanished with its connection', async () => {
    await start();
    const sockets: Socket[] = [];
    const proxy = createServer((socket) => {
      const upstream = connect(app!.port, '127.0.0.1');
      socket.pipe(upstream).pipe(socket);
      for (const each of [socket, upstream]) each.on('error', () => undefined);
      sockets.push(socket, upstream);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const client = bareClient((proxy.address() as AddressInfo).port, 'Orders');
    const stream = client.watch({ id: 'endless' });
    stream.on('error', () => undefined);
    await once(stream, 'data');
    for (const socket of sockets) socket.destroy();
    const span = await app!.spans.one('shop.Orders/Watch');
    expect(span.attributes).toMatchObject({
      'rpc.status_code': 'CANCELLED',
      'async.task.outcome': 'cancelled',
    });
    client.close();
    proxy.close();
  });

  it('M27 ends the span of a handler that does not end, and names it in the log', async () => {
    await start({ tracing: { microservices: { incoming: { maxDurationMillis: 50 } } } });
    const subscription = app!.orders.find({ id: 'slow' }).subscribe();
    const span = await app!.spans.one('shop.Orders/Find');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.attributes['async.task.outcome']).toBe('abandoned');
    const { lines } = app!.logger;
    expect(lines.filter((line) => line.includes('"shop.Orders/Find"'))).toHaveLength(1);
    subscription.unsubscribe();
    await app!.spans.noneOpen();
  });

  it('M27 ends what still runs when the application closes: Nest cuts the calls off', async () => {
    await start();
    const { spans } = app!;
    const client = app!.bareClient();
    client.watch({ id: 'endless' }).on('error', () => undefined);
    await eventually(() => expect(seen.some(([place]) => place === 'item')).toBe(true));
    await app!.close();
    app = undefined;
    const span = await spans.one('shop.Orders/Watch');
    expect(span.attributes['async.task.outcome']).toBe('cancelled');
    await spans.noneOpen();
    client.close();
  });
});

describe('beside another instrumentation', () => {
  /** As instrumentation-grpc does: handlers are wrapped as they are registered. */
  function wrapServers(): void {
    const { register } = Server.prototype;
    const wrapped = function (this: Server, ...args: Parameters<typeof register>) {
      const [name, handler, ...rest] = args;
      const traced = (call: { metadata: Metadata }, callback: never) => {
        const carrier = { traceparent: String(call.metadata.get('traceparent')[0]) };
        const parent = propagation.extract(context.active(), carrier);
        const tracer = trace.getTracer('@opentelemetry/instrumentation-grpc');
        const span = tracer.startSpan(`grpc.${name}`, { kind: SpanKind.SERVER }, parent);
        context.with(trace.setSpan(parent, span), () =>
          (handler as never as typeof traced)(call, callback),
        );
        span.end();
      };
      return Reflect.apply(register, this, [name, traced, ...rest]) as boolean;
    };
    Object.defineProperty(wrapped, '__wrapped', { value: true });
    Server.prototype.register = wrapped as typeof register;
    undo.push(() => (Server.prototype.register = register));
  }

  it('M25 opens no second SERVER span, and says so once', async () => {
    wrapServers();
    await start();
    for (const _ of [1, 2]) await firstValueFrom(app!.orders.find({ id: '1' }));
    const theirs = await app!.spans.many('grpc./shop.Orders/Find', 2);
    const ours = await app!.spans.many('shop.Orders/Find', 2);
    expect(ours.map(({ kind }) => kind)).toEqual([SpanKind.CLIENT, SpanKind.CLIENT]);
    expect(isChild(theirs[0]!, ours[0]!)).toBe(true);
    expect(warnings()).toEqual([expect.stringContaining('no SERVER spans')]);
  });

  it('M25 opens no second CLIENT span, and says so once', async () => {
    await start();
    const find = () => {
      const tracer = trace.getTracer('@opentelemetry/instrumentation-grpc');
      const span = tracer.startSpan('grpc.shop.Orders/Find', { kind: SpanKind.CLIENT });
      const metadata = new Metadata();
      const ctx = trace.setSpan(context.active(), span);
      propagation.inject(ctx, metadata, { set: (to, name, value) => to.set(name, value) });
      return context
        .with(ctx, () => lastValueFrom(app!.orders.find({ id: '1' }, metadata)))
        .finally(() => span.end());
    };
    await find();
    await find();
    const theirs = await app!.spans.many('grpc.shop.Orders/Find', 2);
    const ours = await app!.spans.many('shop.Orders/Find', 2);
    expect(ours.map(({ kind }) => kind)).toEqual([SpanKind.SERVER, SpanKind.SERVER]);
    expect(isChild(ours[0]!, theirs[0]!)).toBe(true);
    expect(warnings()).toEqual([expect.stringContaining('CLIENT spans for calls of gRPC')]);
  });
});

describe('the end of a server', () => {
  it('M23 is said by the span of a call that it cuts off', async () => {
    await start({ tracing: { microservices: { outgoing: false } } });
    const client = app!.bareClient();
    const call = client.watch({ id: 'endless' }).on('error', () => undefined);
    await once(call, 'data');
    await app!.close();
    client.close();
    const span = await app!.spans.one('shop.Orders/Watch');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toMatchObject({
      'rpc.status_code': 'CANCELLED',
      'async.task.outcome': 'cancelled',
      'async.task.cancel.reason': 'the server has shut down',
    });
  });
});
