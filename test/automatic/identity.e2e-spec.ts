import { Injectable, SetMetadata, UseGuards } from '@nestjs/common';
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
import { startAutomatic } from './support/automatic-app.js';
import { OpenController, OpenGateway, OpenResolver, openModule } from './support/known-handlers.js';

const ADAPTERS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

const HANDLERS: [prototype: object, name: string][] = [
  [OpenController.prototype, 'find'],
  [OpenController.prototype, 'answer'],
  [OpenGateway.prototype, 'order'],
  [OpenResolver.prototype, 'open'],
];
const handlers = () => HANDLERS.map(([prototype, name]) => Reflect.get(prototype, name) as object);

describe.each(
  Object.entries(ADAPTERS).flatMap(([name, adapter]) =>
    [true, false].map((autoTrace) => [name, autoTrace, adapter] as const),
  ),
)(
  'a guard that knows handlers by their functions, on %s, autoTrace %s',
  (_, autoTrace, adapter) => {
    const before = handlers();
    let spans: ReturnType<typeof recordSpans>;
    let app: INestApplication;
    let url: string;
    let port: number;

    beforeAll(async () => {
      spans = recordSpans();
      port = await freePort();
      const tracing = {
        autoTrace,
        http: { outgoing: false },
        microservices: { outgoing: false },
      } as const;
      app = await NestFactory.create(openModule(tracing), adapter(), { logger: false });
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
      expect(handlers()).toEqual(before);
      for (const handler of before) expect(Object.hasOwn(handler, 'apply')).toBe(false);
    });

    /** The automatic span of a handler is below that of what came in. */
    const expectHandled = async (entry: string, name: string): Promise<void> => {
      await eventually(() => expect(spans.named(entry)).toHaveLength(1));
      const children = spans.childrenOf(spans.one(entry)).map((span) => span.name);
      expect(children.filter((each) => each === name)).toHaveLength(autoTrace ? 1 : 0);
    };

    it('AU7 HTTP: finds the handler that is open, and not the other', async () => {
      const response = await fetch(`${url}/open/by/7`);
      expect([response.status, await response.text()]).toEqual([200, 'order 7']);
      expect((await fetch(`${url}/open/closed`)).status).toBe(403);
      await expectHandled('GET /open/by/:id', 'OpenController.find');
    });

    it('AU7 HTTP: finds a handler with @Traced() below the decorator that opens it', async () => {
      expect(await (await fetch(`${url}/open/traced`)).text()).toBe('traced');
      await eventually(() => expect(spans.named('OpenController.traced')).toHaveLength(1));
    });

    it('AU7 TCP: finds the handler that is open, and not the other', async () => {
      const options = { port, host: '127.0.0.1' };
      const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
      expect(await lastValueFrom(client.send('open', '7'))).toBe('order 7');
      await expect(lastValueFrom(client.send('closed', '7'))).rejects.toBeDefined();
      client.close();
      await expectHandled('open', 'OpenController.answer');
    });

    it('AU7 socket.io: finds the handler that is open', async () => {
      const socket = io(url, { transports: ['websocket'] });
      await new Promise<void>((resolve) => void socket.on('connect', resolve));
      expect(await socket.timeout(5000).emitWithAck('open', '7')).toBe('order 7');
      socket.disconnect();
      await expectHandled('process open', 'OpenGateway.order');
    });

    it('AU7 GraphQL: finds the resolver that is open, and not the other', async () => {
      const ask = async (query: string): Promise<unknown> => {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        });
        return response.json();
      };
      const answer = { data: { open: { name: 'order 7', size: 7 } } };
      expect(await ask('{ open(id: "7") { name size } }')).toEqual(answer);
      await expectHandled('query', 'OpenResolver.open');
      expect(await ask('{ closed }')).toMatchObject({
        errors: [{ message: 'Forbidden resource' }],
      });
    });

    it('AU2 leaves the handlers on their classes', () => {
      expect(handlers()).toEqual(before);
      handlers().forEach((handler, index) => expect(handler).toBe(before[index]));
      for (const handler of before) expect(Object.keys(handler)).toEqual([]);
      expect(Reflect.ownKeys(Function.prototype.apply)).toEqual(['length', 'name']);
    });
  },
);

describe('a method that only looks like a handler', () => {
  @Injectable()
  class Files {
    @SetMetadata('path', '/tmp')
    read(): string {
      return 'content';
    }

    @UseGuards()
    guarded(): string {
      return 'guarded';
    }
  }

  it('AU2 has its automatic span when it is called', async () => {
    const spans = recordSpans();
    const { app, tracing, close } = await startAutomatic({ providers: [Files] });
    const files = app.get(Files);
    expect(tracing.span('parent', () => [files.read(), files.guarded()])).toHaveLength(2);
    await close();
    await spans.stop();
    const names = spans.finished.map(({ name }) => name);
    expect(names).toEqual(['Files.read', 'Files.guarded', 'parent']);
  });
});
