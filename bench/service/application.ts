import { Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import type { DataSourceOptions } from 'typeorm';
import type { Mode } from './modes.js';
import { partsOf } from './modes/parts.js';
import type { Setting } from './modes/parts.js';
import { ordersController } from './orders.js';

/** The application under test, not listening yet. */
export interface Application {
  readonly app: INestApplication;
  /** Sends what is left. */
  readonly flush: () => Promise<unknown>;
}

/** The database that it asks. */
export const DATABASE = {
  type: 'postgres',
  host: process.env['BENCH_PG_HOST'] ?? '127.0.0.1',
  port: Number(process.env['BENCH_PG_PORT'] ?? 5432),
  username: process.env['BENCH_PG_USER'] ?? 'postgres',
  database: process.env['BENCH_PG_DATABASE'] ?? 'test',
  ...(process.env['BENCH_PG_PASSWORD'] === undefined
    ? {}
    : { password: process.env['BENCH_PG_PASSWORD'] }),
} satisfies DataSourceOptions;

/**
 * Makes the application of a mode.
 *
 * @param setting where spans go, and what ours is set to beside
 * @param stream where log lines go
 * @param pool options of the pool of connections
 */
export async function makeApplication(
  mode: Mode,
  setting: Pick<Setting, 'sink' | 'tracing'>,
  stream: DestinationStream,
  pool: object = {},
): Promise<Application> {
  const database = { ...DATABASE, extra: { max: 10, ...pool } };
  const logger = { forRoutes: ['*splat'], pinoHttp: { stream } };
  const { modules, Wrapped, options, flush } = await partsOf(mode, {
    database,
    logger,
    ...setting,
  });
  const { controller, service } = ordersController(Wrapped);

  @Module({ imports: modules, controllers: [controller], providers: [service] })
  class App {}

  const app = await NestFactory.create(App, new FastifyAdapter(), {
    logger: ['error'],
    ...options,
  });
  return { app, flush };
}
