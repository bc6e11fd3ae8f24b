import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { DataSourceOptions } from 'typeorm';
import type { Mode, ServiceStarted, ServiceUsage, Wish } from './modes.js';
import { partsOf } from './modes/parts.js';
import { ordersController } from './orders.js';
import { UsageMeter } from './usage-meter.js';

const [, , mode, sink] = process.argv as [string, string, Mode, string];

const database: DataSourceOptions = {
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
const logger = { forRoutes: ['*splat'], pinoHttp: { stream: createWriteStream('/dev/null') } };

const { modules, Wrapped, options, flush } = await partsOf(mode, { database, logger, sink });
const { controller, service } = ordersController(Wrapped);

@Module({ imports: modules, controllers: [controller], providers: [service] })
class App {}

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: ['error'], ...options });
await app.listen(0, '127.0.0.1');
const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
const { version: nest } = createRequire(import.meta.url)('@nestjs/core/package.json') as {
  version: string;
};
tell({ port, nest });

const meter = new UsageMeter();
process.on('message', (wish: Wish) => void grant(wish));

async function grant(wish: Wish): Promise<void> {
  await flush();
  tell(wish === 'begin' ? meter.begin() : meter.end());
  if (wish === 'stop') await app.close().then(() => process.disconnect());
}

function tell(message: ServiceStarted | ServiceUsage | undefined): void {
  process.send?.(message ?? {});
}
