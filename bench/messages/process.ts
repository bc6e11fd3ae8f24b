import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import * as Microservices from '@nestjs/microservices';
import type { ClientOptions, MicroserviceOptions } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { answerWishes, tracingOf } from './measured-application.js';
import type { Mode, Transport } from './modes.js';

// A client and a server of one application, in a process of its own: whenever it is asked it sends messages
// and waits for their answers, and tells what its main thread has used.

const { Client, ClientProxy, MessagePattern, Payload, Transport: Kinds } = Microservices;
const [, , transport, mode, receiver] = process.argv as [string, string, Transport, Mode, string];
const QUEUE = `nestjs-tracing-bench-${process.pid}`;
const options = (await optionsOf(transport)) as ClientOptions & MicroserviceOptions;

@Controller()
class Sums {
  @Client(options)
  readonly client!: InstanceType<typeof ClientProxy>;

  @MessagePattern(QUEUE)
  add(@Payload() numbers: readonly number[]): number {
    return numbers.reduce((sum, number) => sum + number, 0);
  }
}

@Module({ imports: await tracingOf(mode, receiver), controllers: [Sums] })
class App {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(App, {
  ...options,
  logger: ['error', 'warn'],
});
await app.listen();
const { client } = app.get(Sums);
await client.connect();
answerWishes({
  ask: async (id) => {
    const sum = await firstValueFrom(client.send<number>(QUEUE, [id, 1]));
    if (Number.isNaN(sum)) throw new Error(`A wrong sum: ${sum}.`);
  },
  close: async () => {
    await client.close();
    await app.close();
  },
});

async function optionsOf(kind: Transport): Promise<object> {
  if (kind === 'NATS') {
    const server = process.env['BENCH_NATS_URL'] ?? 'nats://127.0.0.1:4222';
    return { transport: Kinds.NATS, options: { servers: [server] } };
  }
  if (kind === 'RabbitMQ') {
    const url = process.env['BENCH_AMQP_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672';
    const queueOptions = { durable: false, autoDelete: true };
    return { transport: Kinds.RMQ, options: { urls: [url], queue: QUEUE, queueOptions } };
  }
  return { transport: Kinds.TCP, options: { host: '127.0.0.1', port: await freePort() } };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
