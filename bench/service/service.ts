import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { trace } from '@opentelemetry/api';
import type { ProxyTracerProvider } from '@opentelemetry/api';
import type { DataSourceOptions } from 'typeorm';
import type { Mode, ServiceMessage, Wish } from './modes.js';
import { ordersController } from './orders.js';
import { partsOf } from './tracing.js';

interface FlushableProvider {
  forceFlush(): Promise<void>;
}

const [, , mode, receiver] = process.argv as [string, string, Mode, string];

const DATABASE: DataSourceOptions = {
  type: 'postgres',
  host: process.env['BENCH_PG_HOST'] ?? '127.0.0.1',
  port: Number(process.env['BENCH_PG_PORT'] ?? 5432),
  username: process.env['BENCH_PG_USER'] ?? 'postgres',
  database: process.env['BENCH_PG_DATABASE'] ?? 'test',
  ...(process.env['BENCH_PG_PASSWORD'] === undefined
    ? {}
    : { password: process.env['BENCH_PG_PASSWORD'] }),
  extra: { max: 10 },
};
const LOGGER = { forRoutes: ['*splat'], pinoHttp: { stream: createWriteStream('/dev/null') } };

const { modules, Wrapped } = await partsOf(mode, DATABASE, LOGGER, receiver);
const { controller, service } = ordersController(Wrapped);

@Module({ imports: modules, controllers: [controller], providers: [service] })
class App {}

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: ['error'] });
await app.listen(0, '127.0.0.1');
const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
tell({ port });

process.on('message', (wish: Wish) => {
  if (wish === 'flush') return void flush().then(tellUsage);
  tellUsage();
  if (wish === 'stop') void app.close().then(() => process.disconnect());
});

/** Sends the spans so far; a bare service has none. */
async function flush(): Promise<void> {
  const provider = (trace.getTracerProvider() as ProxyTracerProvider).getDelegate();
  if ('forceFlush' in provider) await (provider as FlushableProvider).forceFlush();
}

function tellUsage(): void {
  const { user, system } = process.cpuUsage();
  tell({ cpuMillis: (user + system) / 1000, rssMegabytes: process.memoryUsage.rss() / 1024 ** 2 });
}

function tell(message: ServiceMessage): void {
  process.send?.(message);
}
