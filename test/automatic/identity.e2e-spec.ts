import { Injectable, SetMetadata, UseGuards } from '@nestjs/common';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startAutomatic } from './support/automatic-app.js';
import { ADAPTERS, HybridApp, SERVERS_ONLY } from './support/hybrid-app.js';
import { OpenController, OpenGateway, OpenResolver, openModule } from './support/known-handlers.js';

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
    let app: HybridApp;

    beforeAll(async () => {
      spans = recordSpans();
      app = await HybridApp.start(openModule({ autoTrace, ...SERVERS_ONLY }), adapter());
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
      const response = await fetch(`${app.url}/open/by/7`);
      expect([response.status, await response.text()]).toEqual([200, 'order 7']);
      expect((await fetch(`${app.url}/open/closed`)).status).toBe(403);
      await expectHandled('GET /open/by/:id', 'OpenController.find');
    });

    it('AU7 HTTP: finds a handler with @Traced() below the decorator that opens it', async () => {
      expect(await (await fetch(`${app.url}/open/traced`)).text()).toBe('traced');
      await eventually(() => expect(spans.named('OpenController.traced')).toHaveLength(1));
    });

    it('AU7 TCP: finds the handler that is open, and not the other', async () => {
      expect(await app.send('open', '7')).toBe('order 7');
      await expect(app.send('closed', '7')).rejects.toBeDefined();
      await expectHandled('open', 'OpenController.answer');
    });

    it('AU7 socket.io: finds the handler that is open', async () => {
      const socket = await app.connect();
      expect(await socket.timeout(5000).emitWithAck('open', '7')).toBe('order 7');
      socket.disconnect();
      await expectHandled('process open', 'OpenGateway.order');
    });

    it('AU7 GraphQL: finds the resolver that is open, and not the other', async () => {
      const answer = { data: { open: { name: 'order 7', size: 7 } } };
      expect(await app.graphql('{ open(id: "7") { name size } }')).toEqual(answer);
      await expectHandled('query', 'OpenResolver.open');
      expect(await app.graphql('{ closed }')).toMatchObject({
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
