import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import type { DataSourceOptions } from 'typeorm';
import type { Mode, ServiceMessage } from './modes.js';
import { ordersController } from './orders.js';

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

/** An untraced service loads nothing of the library. */
async function parts(): Promise<{ modules: DynamicModule[]; Wrapped: () => MethodDecorator }> {
  if (mode === 'bare') {
    return { modules: [TypeOrmModule.forRoot(DATABASE)], Wrapped: () => () => undefined };
  }
  const { Traced, TracingModule } = await import('nestjs-tracing');
  const { TracedTypeOrmModule } = await import('nestjs-tracing/typeorm');
  const tracing = TracingModule.forRoot({ serviceName: 'bench', endpoint: receiver });
  const Wrapped = (): MethodDecorator => Traced() as MethodDecorator;
  return { modules: [tracing, TracedTypeOrmModule.forRoot(DATABASE)], Wrapped };
}

const { modules, Wrapped } = await parts();
const { controller, service } = ordersController(Wrapped);

@Module({
  imports: [
    ...modules,
    LoggerModule.forRoot({
      forRoutes: ['*splat'],
      pinoHttp: { stream: createWriteStream('/dev/null') },
    }),
  ],
  controllers: [controller],
  providers: [service],
})
class App {}

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: ['error'] });
await app.listen(0, '127.0.0.1');
const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
tell({ port });

process.on('message', (wish) => {
  const { user, system } = process.cpuUsage();
  tell({ cpuMillis: (user + system) / 1000, rssMegabytes: process.memoryUsage.rss() / 1024 ** 2 });
  if (wish === 'stop') void app.close().then(() => process.disconnect());
});

function tell(message: ServiceMessage): void {
  process.send?.(message);
}
