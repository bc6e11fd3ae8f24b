import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import type { Params } from 'nestjs-pino';
import type { DataSourceOptions } from 'typeorm';
import type { Mode } from './modes.js';

/** What differs between the modes: the modules that are imported and the decorator of the methods. */
export interface Parts {
  readonly modules: DynamicModule[];
  readonly Wrapped: () => MethodDecorator;
}

/** A service loads nothing of a library that it does not use. */
export function partsOf(
  mode: Mode,
  database: DataSourceOptions,
  logger: Params,
  receiver: string,
): Parts | Promise<Parts> {
  if (mode === 'nestjs-tracing') return ours(database, logger, receiver);
  const plain = [TypeOrmModule.forRoot(database), LoggerModule.forRoot(logger)];
  return mode === 'bare' ? { modules: plain, Wrapped: () => () => undefined } : stock(plain);
}

async function stock(plain: DynamicModule[]): Promise<Parts> {
  const { OpenTelemetryModule, Span } = await import('nestjs-otel');
  return {
    modules: [OpenTelemetryModule.forRoot(), ...plain],
    Wrapped: () => Span() as MethodDecorator,
  };
}

async function ours(database: DataSourceOptions, logger: Params, endpoint: string): Promise<Parts> {
  const { Traced, TracingModule } = await import('nestjs-tracing');
  const { withTraceContext } = await import('nestjs-tracing/pino');
  const { TracedTypeOrmModule } = await import('nestjs-tracing/typeorm');
  const modules = [
    TracingModule.forRoot({ serviceName: 'bench', endpoint }),
    TracedTypeOrmModule.forRoot(database),
    LoggerModule.forRoot(withTraceContext(logger)),
  ];
  return { modules, Wrapped: () => Traced() as MethodDecorator };
}
