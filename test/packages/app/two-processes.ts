import 'reflect-metadata';
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientsModule,
  EventPattern,
  MessagePattern,
  Payload,
  Transport,
} from '@nestjs/microservices';
import type { ClientProxy } from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { MemoryExporter } from './memory-exporter.js';

/** What a process tells of a span that it has made. */
interface ToldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly links: readonly string[];
}

const SERVE = 'serve';
const transport = Transport.TCP as const;

@Controller()
class OrdersController {
  @MessagePattern('price')
  price(@Payload() order: { items: number }): number {
    return order.items * 5;
  }

  @EventPattern('placed')
  placed(@Payload() _order: { items: number }): void {}
}

function told({ spans }: MemoryExporter): ToldSpan[] {
  return spans.map((span) => ({
    name: span.name,
    ...span.spanContext(),
    parentId: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => context.spanId),
  }));
}

/** Answers messages until it is told to stop, then tells of its spans. */
async function serve(): Promise<void> {
  const exporter = new MemoryExporter();
  const options = { host: '127.0.0.1', port: await freePort() };
  @Module({
    imports: [TracingModule.forRoot({ serviceName: 'server', exporter, strict: true })],
    controllers: [OrdersController],
  })
  class AppModule {}
  const app = await NestFactory.createMicroservice(AppModule, {
    transport,
    options,
    logger: false,
  });
  await app.listen();
  process.send?.(options.port);
  await once(process, 'message');
  await app.close();
  process.send?.(told(exporter));
  process.disconnect();
}

/** Sends to a server in a process of its own, which may be of another Nest, and joins the spans of both. */
async function ask(server: string): Promise<void> {
  const child = fork(server, [SERVE]);
  const exporter = new MemoryExporter();
  try {
    const options = { host: '127.0.0.1', port: await message<number>(child) };
    @Module({
      imports: [
        TracingModule.forRoot({ serviceName: 'client', exporter, strict: true }),
        ClientsModule.register([{ name: 'ORDERS', transport, options }]),
      ],
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    const orders = app.get<ClientProxy>('ORDERS');
    const price = app
      .get(TracingService)
      .span('order', () => firstValueFrom(orders.send<number>('price', { items: 2 })));
    assert.equal(await price, 10);
    await lastValueFrom(orders.emit('placed', { items: 2 }), { defaultValue: undefined });
    // The next answer comes after the event: the connection keeps their order.
    assert.equal(await firstValueFrom(orders.send<number>('price', { items: 1 })), 5);
    await app.close();
    child.send('stop');
    check(told(exporter), await message<ToldSpan[]>(child));
  } finally {
    child.kill();
  }
}

function check(client: readonly ToldSpan[], server: readonly ToldSpan[]): void {
  const [order] = client.filter(({ name }) => name === 'order');
  const [sent] = client.filter(({ name, parentId }) => name === 'price' && parentId !== undefined);
  const [answered] = server.filter(({ parentId }) => parentId === sent?.spanId);
  assert.ok(order && sent && answered, JSON.stringify({ client, server }));
  assert.equal(sent.parentId, order.spanId);
  assert.deepEqual([sent.traceId, answered.traceId], [order.traceId, order.traceId]);
  assert.equal(answered.name, 'price');
  const [emitted] = client.filter(({ name }) => name === 'publish placed');
  const [processed] = server.filter(({ name }) => name === 'process placed');
  assert.deepEqual(processed?.links, [emitted?.spanId]);
  assert.equal(server.length, 3);
}

async function message<T>(child: ChildProcess): Promise<T> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the server has ended with ${code}`);
  });
  const [told] = (await Promise.race([once(child, 'message'), gone])) as [T];
  return told;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const [, own = '', server = own] = process.argv;
const running = server === SERVE ? serve() : ask(server);
running.catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
