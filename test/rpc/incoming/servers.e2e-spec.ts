import type { Server as NetServer } from 'node:net';
import { Controller, Get, Injectable, Logger, Module, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import {
  ClientProxyFactory,
  MessagePattern,
  Payload,
  Server,
  ServerTCP,
  Transport,
} from '@nestjs/microservices';
import type {
  ClientProxy,
  CustomTransportStrategy,
  MicroserviceOptions,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SpanKind, context, trace } from '@opentelemetry/api';
import { firstValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { OnEvent } from './support/on-event.js';
import { caller } from './support/callers.js';

const spans = recordSpans();
const closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  spans.assertNoOpenSpans();
  spans.reset();
});

afterAll(() => spans.stop());

@Injectable()
class Passing implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle();
  }
}

@Controller()
class Sums {
  @Get('sum')
  get(): string {
    return trace.getActiveSpan()?.spanContext().spanId ?? 'none';
  }

  @UseInterceptors(Passing)
  @MessagePattern({ cmd: 'sum' })
  sum(@Payload() numbers: number[]): number {
    return numbers.reduce((sum, number) => sum + number, 0);
  }

  @OnEvent('created')
  created(): void {}
}

@Module({
  imports: [
    TracingModule.forRoot({ microservices: { outgoing: false }, http: { outgoing: false } }),
  ],
  controllers: [Sums],
})
class AppModule {}

/** A server over TCP that tells its port and takes listeners at any time. */
class OwnTcp extends ServerTCP {
  constructor() {
    super({ host: '127.0.0.1', port: 0 });
  }

  get address(): number {
    const address = (this.unwrap<NetServer>() as NetServer).address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }
}

async function start(...servers: readonly object[]) {
  const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const [strategy] = servers;
  const app = moduleRef.createNestMicroservice({ strategy, logger: false } as MicroserviceOptions);
  closing.push(() => app.close());
  await app.listen();
  return app;
}

async function connect(server: OwnTcp): Promise<ClientProxy> {
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: {
      host: '127.0.0.1',
      port: server.address,
    } as object,
  });
  closing.push(() => Promise.resolve(client.close()));
  await client.connect();
  return client;
}

const sum = (client: ClientProxy, ...numbers: number[]): Promise<number> =>
  firstValueFrom(client.send<number>({ cmd: 'sum' }, numbers));

describe('M2 a span for each message', () => {
  it.each([
    ['with inheritAppConfig', { inheritAppConfig: true }],
    ['without it', {}],
    ['with deferInitialization', { deferInitialization: true }],
  ])('of a hybrid application %s, beside its requests', async (_, options) => {
    const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = moduleRef.createNestApplication({ logger: false });
    closing.push(() => app.close());
    const server = new OwnTcp();
    app.connectMicroservice<MicroserviceOptions>({ strategy: server }, options);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const client = await connect(server);
    expect(await sum(client, 1, 2)).toBe(3);
    const { port } = (app.getHttpServer() as NetServer).address() as { port: number };
    const inRequest = await (await fetch(`http://127.0.0.1:${port}/sum`)).text();
    await vi.waitFor(() => expect(spans.finished).toHaveLength(2));
    expect(spans.one('{"cmd":"sum"}').kind).toBe(SpanKind.SERVER);
    expect(spans.one('GET /sum').spanContext().spanId).toBe(inRequest);
  });

  it('of two servers of one transport', async () => {
    const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = moduleRef.createNestApplication({ logger: false });
    closing.push(() => app.close());
    const servers = [new OwnTcp(), new OwnTcp()] as const;
    for (const strategy of servers) app.connectMicroservice<MicroserviceOptions>({ strategy });
    await app.startAllMicroservices();
    for (const server of servers) await sum(await connect(server), 1);
    await vi.waitFor(() => expect(spans.named('{"cmd":"sum"}')).toHaveLength(2));
  });

  it('of a listener that is added while the server runs', async () => {
    const server = new OwnTcp();
    await start(server);
    server.addHandler('late', async (data: unknown) => Promise.resolve(data));
    const client = await connect(server);
    expect(await firstValueFrom(client.send('late', 'here'))).toBe('here');
    await vi.waitFor(() => expect(spans.one('late').kind).toBe(SpanKind.SERVER));
    expect(spans.one('late').attributes).not.toHaveProperty('nestjs.handler.reached');
  });
});

describe('M1 a span for each message of a strategy of its own', () => {
  /** Calls handlers itself, and tells nobody of it. */
  class Direct extends Server implements CustomTransportStrategy {
    listen(callback: () => void): void {
      callback();
    }

    close(): void {}

    on(): void {}

    unwrap(): never {
      throw new Error('there is nothing below it');
    }

    receive(pattern: string, data: unknown, ctx: object): unknown {
      return this.getHandlerByPattern(pattern)?.(data, ctx);
    }
  }

  it('that calls handlers itself, with the headers that its context has', async () => {
    const direct = new Direct();
    await start(direct);
    const from = caller();
    await direct.receive('created', 1, { getHeaders: () => from });
    expect(spans.one('process created').links[0]?.context.spanId).toBe(from.spanId);
    expect(spans.one('process created').attributes['nestjs.transport']).toBe('custom');
  });

  it('that knows no server of Nest', async () => {
    const handlers = new Map<unknown, (...args: unknown[]) => unknown>();
    await start({
      addHandler: (pattern: unknown, handler: () => unknown) => handlers.set(pattern, handler),
      listen: (callback: () => void) => callback(),
      close: () => undefined,
      on: () => undefined,
      unwrap: () => undefined,
    });
    await handlers.get('created')?.({ order: 1 });
    expect(spans.one('process created').kind).toBe(SpanKind.CONSUMER);
  });
});

describe('M26 what somebody else has set', () => {
  it('is called as before, whether it was there before us or came after', async () => {
    const server = new OwnTcp();
    const calls: string[] = [];
    server.setOnProcessingStartHook((_, __, done) => {
      calls.push('before');
      return done();
    });
    await start(server);
    const client = await connect(server);
    await sum(client, 1);
    server.setOnProcessingStartHook((_, __, done) => {
      calls.push('after');
      return done();
    });
    server.setOnProcessingEndHook(() => calls.push('end'));
    await sum(client, 1);
    expect(calls).toEqual(['before', 'after', 'end']);
    await vi.waitFor(() => expect(spans.named('{"cmd":"sum"}')).toHaveLength(2));
  });

  it('may be a deserializer, before and after', async () => {
    const doubling = (factor: number) => ({
      deserialize: (raw: { data: number[] }) => ({ ...raw, data: raw.data.map((n) => n * factor) }),
    });
    const server = new OwnTcp();
    const open = server as unknown as { deserializer: object };
    open.deserializer = doubling(2);
    await start(server);
    const client = await connect(server);
    expect(await sum(client, 1, 2)).toBe(6);
    open.deserializer = doubling(3);
    expect(await sum(client, 1, 2)).toBe(9);
    await vi.waitFor(() => expect(spans.named('{"cmd":"sum"}')).toHaveLength(2));
  });
});

describe('a start hook that waits', () => {
  it('M26 costs a message nothing but what rides beside its data', async () => {
    const server = new OwnTcp();
    server.setOnProcessingStartHook(async (_, __, done) => {
      await new Promise((resolve) => setImmediate(resolve));
      return done() as unknown;
    });
    await start(server);
    const client = await connect(server);
    expect(await Promise.all([1, 2, 3].map((n) => sum(client, n)))).toEqual([1, 2, 3]);
    await vi.waitFor(() => expect(spans.named('{"cmd":"sum"}')).toHaveLength(3));
  });
});

describe('a server whose application has closed', () => {
  it('is as it was before, and what is still registered makes no span', async () => {
    const server = new OwnTcp();
    const { deserializer } = server as unknown as { deserializer: object };
    const { sum: handler } = Sums.prototype;
    const app = await start(server);
    expect(Object.hasOwn(server, 'addHandler')).toBe(true);
    expect(Sums.prototype.sum).toBe(handler);
    expect(Object.hasOwn(handler, 'apply')).toBe(true);
    await app.close();
    expect(Object.hasOwn(server, 'addHandler')).toBe(false);
    expect((server as unknown as { deserializer: object }).deserializer).toBe(deserializer);
    expect(Object.hasOwn(handler, 'apply')).toBe(false);
    await server.getHandlerByPattern('created')?.({}, {});
    expect(spans.finished).toEqual([]);
  });
});

describe('M18 a message', () => {
  it('is no child of what was active when the server began to listen', async () => {
    const server = new OwnTcp();
    const bootstrap = trace.getTracer('test').startSpan('bootstrap');
    await context.with(trace.setSpan(context.active(), bootstrap), () => start(server));
    const client = await connect(server);
    await sum(client, 1);
    await vi.waitFor(() => expect(spans.named('{"cmd":"sum"}')).toHaveLength(1));
    expect(spans.one('{"cmd":"sum"}').parentSpanContext).toBeUndefined();
    bootstrap.end();
  });
});
