import { Controller, Injectable, Module } from '@nestjs/common';
import type { INestMicroservice, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule, EventsHandler } from '@nestjs/cqrs';
import type { IEventHandler } from '@nestjs/cqrs';
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { OnGatewayConnection } from '@nestjs/websockets';
import { TracingModule } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startAutomatic } from './support/automatic-app.js';

@Injectable()
class Service {
  work(): string {
    return 'done';
  }
}

@Controller()
class Messages {
  constructor(private readonly service: Service) {}

  @MessagePattern('ask')
  answer(): string {
    return this.service.work();
  }
}

@WebSocketGateway()
class Gateway implements OnGatewayConnection {
  handleConnection(): void {}

  @SubscribeMessage('open')
  order(): string {
    return 'order';
  }
}

interface Running {
  readonly app: INestMicroservice;
  readonly port: number;
}

async function start(autoTrace: boolean): Promise<Running> {
  const port = await freePort();
  const imports = [
    TracingModule.forRoot({ autoTrace, microservices: { outgoing: false }, http: false }),
  ];
  class App {}
  Module({ imports, controllers: [Messages], providers: [Service, Gateway] })(App as Type);
  const app = await NestFactory.createMicroservice(App, {
    logger: false,
    transport: Transport.TCP,
    options: { port, host: '127.0.0.1' },
  });
  await app.listen();
  return { app, port };
}

async function ask({ port }: Running): Promise<void> {
  const options = { port, host: '127.0.0.1' };
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
  expect(await lastValueFrom(client.send<string>('ask', {}))).toBe('done');
  client.close();
}

const PAIRS = [true, false].flatMap((first) =>
  [true, false].map((second) => [first, second] as const),
);

describe.each(PAIRS)('applications that overlap, autoTrace %s and %s', (first, second) => {
  const { work } = Service.prototype;
  const { answer } = Messages.prototype;
  const { order, handleConnection } = Gateway.prototype;
  let spans: ReturnType<typeof recordSpans>;
  beforeEach(() => {
    spans = recordSpans();
  });
  afterEach(() => spans.stop());

  const expectBare = () => {
    expect([answer, order].map((handler) => Object.hasOwn(handler, 'apply'))).toEqual([
      false,
      false,
    ]);
    expect(Service.prototype.work).toBe(work);
    expect(Gateway.prototype.handleConnection).toBe(handleConnection);
  };

  it.each([
    ['first in, first out', 0],
    ['last in, first out', 1],
  ])('AU14 leave nothing on handlers and methods: %s', async (_, at) => {
    const running = [await start(first), await start(second)];
    await running.splice(at, 1)[0]?.app.close();
    spans.reset();
    for (const left of running) await ask(left);
    const isTraced = at === 0 ? second : first;
    const ends = isTraced ? ['Service.work', 'Messages.answer', 'ask'] : ['ask'];
    await expect.poll(() => spans.finished.map(({ name }) => name)).toEqual(ends);
    expect(spans.one('ask').attributes['code.function.name']).toBe('Messages.answer');
    await running[0]?.app.close();
    expectBare();
  });

  it('AU14 leave nothing after a chain of them, of which one was always running', async () => {
    let before = await start(first);
    for (let round = 0; round < 4; round += 1) {
      const next = await start(round % 2 === 0 ? second : first);
      await before.app.close();
      before = next;
    }
    await before.app.close();
    expectBare();
  });
});

@EventsHandler(Object)
class Told implements IEventHandler<object> {
  handle(): void {}
}

describe.each([
  ['first in, first out', 0],
  ['last in, first out', 1],
])('a handler of events that overlapping applications trace each in its way', (order, at) => {
  it(`AU14 is as before: ${order}`, async () => {
    const { handle } = Told.prototype;
    const metadata = { imports: [CqrsModule.forRoot()], providers: [Told] };
    const running = [
      await startAutomatic(metadata, { cqrs: false }),
      await startAutomatic(metadata, { autoTrace: false }),
    ];
    expect(Told.prototype.handle).not.toBe(handle);
    await running.splice(at, 1)[0]?.close();
    expect(Told.prototype.handle).not.toBe(handle);
    await running[0]?.close();
    expect(Told.prototype.handle).toBe(handle);
  });
});
