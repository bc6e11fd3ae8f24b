import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Inject, Injectable, Module, UseGuards } from '@nestjs/common';
import type { CanActivate } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientsModule,
  EventPattern,
  MessagePattern,
  Payload,
  Transport,
} from '@nestjs/microservices';
import type { ClientProxy } from '@nestjs/microservices';
import { Observable, catchError, forkJoin, of, toArray } from 'rxjs';
import { Traced, TracingModule } from 'nestjs-tracing';
import { MemoryExporter } from './memory-exporter.js';

@Injectable()
class Guard implements CanActivate {
  @Traced('guard')
  canActivate(): boolean {
    return true;
  }
}

@Controller()
class OrdersController {
  constructor(@Inject('ORDERS') private readonly orders: ClientProxy) {}

  @Get('price')
  price(): Observable<unknown> {
    const { orders } = this;
    return forkJoin([
      orders.send('price', { items: 2 }),
      orders.send('items', {}).pipe(toArray()),
      orders.send('broken', {}).pipe(catchError(() => of('told'))),
      orders.emit('placed', { items: 2 }).pipe(toArray()),
    ]);
  }

  @UseGuards(Guard)
  @MessagePattern('price')
  @Traced('find price')
  async find(@Payload() order: { items: number }): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return order.items * 5;
  }

  @MessagePattern('items')
  items(): Observable<number> {
    return of(1, 2, 3);
  }

  @MessagePattern('broken')
  broken(): never {
    throw new TypeError('broken');
  }

  @EventPattern('placed')
  async placed(@Payload() order: { items: number }): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, order.items));
  }

  @EventPattern('placed')
  alsoPlaced(@Payload() order: { items: number }): number {
    return order.items;
  }
}

/** A hybrid application that sends messages to itself over TCP, on whatever Nest is installed. */
async function run(): Promise<void> {
  const exporter = new MemoryExporter();
  const options = { host: '127.0.0.1', port: await freePort() };
  const transport = Transport.TCP as const;
  @Module({
    imports: [
      TracingModule.forRoot({ serviceName: 'smoke', exporter, strict: true }),
      ClientsModule.register([{ name: 'ORDERS', transport, options }]),
    ],
    controllers: [OrdersController],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  app.connectMicroservice({ transport, options });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const answer: unknown = await (await fetch(`http://127.0.0.1:${port}/price`)).json();
  await app.close();

  assert.deepEqual(answer, [10, [1, 2, 3], 'told', [null]]);
  const [client, server] = [ofKind(exporter, 2), ofKind(exporter, 1)];
  const [producer, consumer] = [ofKind(exporter, 3), ofKind(exporter, 4)];
  const request = server('GET /price').spanContext();
  for (const pattern of ['price', 'items', 'broken']) {
    const [asked, answered] = [client(pattern), server(pattern)];
    assert.equal(asked.parentSpanContext?.spanId, request.spanId, pattern);
    assert.equal(answered.parentSpanContext?.spanId, asked.spanContext().spanId, pattern);
  }
  const price = server('price').spanContext();
  for (const name of ['guard', 'find price']) {
    assert.equal(exporter.one(name).parentSpanContext?.spanId, price.spanId, name);
  }
  const broken = server('broken');
  assert.equal(broken.events.length, 1);
  assert.equal(broken.status.message, 'broken');
  const placed = consumer('process placed');
  assert.equal(placed.parentSpanContext, undefined);
  const emitted = producer('publish placed').spanContext();
  assert.deepEqual(
    placed.links.map(({ context }) => context.spanId),
    [emitted.spanId],
  );
  for (const name of ['OrdersController.placed', 'OrdersController.alsoPlaced']) {
    assert.equal(exporter.one(name).parentSpanContext?.spanId, placed.spanContext().spanId, name);
  }
}

/** The only span of a kind and name. */
function ofKind(exporter: MemoryExporter, kind: number) {
  return (name: string) => {
    const found = exporter.spans.filter((span) => span.kind === kind && span.name === name);
    const all = exporter.spans.map((span) => `${span.kind} ${span.name}`).join(', ');
    assert.equal(found.length, 1, `${kind} ${name} among ${all}`);
    return found[0]!;
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
