import type { DynamicModule, NestApplicationOptions } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import type { Params } from 'nestjs-pino';
import type { DataSourceOptions } from 'typeorm';
import type { TracingModuleOptions } from 'nestjs-tracing';
import type { Mode } from '../modes.js';

/** What is the same for all. */
export interface Setting {
  readonly database: DataSourceOptions;
  readonly logger: Params;
  /** Where spans are to go. */
  readonly sink: string;
  /** Further options of this package's module. */
  readonly tracing?: TracingModuleOptions;
}

/** What differs between the modes: the modules that are imported and the decorator of the methods. */
export interface Parts {
  readonly modules: DynamicModule[];
  readonly Wrapped: () => MethodDecorator;
  readonly options?: NestApplicationOptions;
  /** Sends what is left. */
  readonly flush: () => Promise<unknown>;
}

/** The parts of a mode, in a file of its own: a service loads nothing of a library that it does not use. */
export async function partsOf(mode: Mode, setting: Setting): Promise<Parts> {
  switch (mode) {
    case 'bare':
      return {
        modules: plain(setting),
        Wrapped: () => () => undefined,
        flush: async () => undefined,
      };
    case 'stock':
    case 'stock + typeorm':
      return (await import('./stock.js')).stock(setting);
    case 'sentry':
      return (await import('./sentry.js')).sentry(setting);
    case 'observe':
      return (await import('./observe.js')).observe(setting);
    case 'nestjs-tracing':
      return (await import('./ours.js')).ours(setting, {});
    case 'nestjs-tracing, sampled out':
      return (await import('./ours.js')).ours(setting, { sampler: { ratio: 0 } });
  }
}

/** Database and logger as one has them without tracing. */
export function plain({ database, logger }: Setting): DynamicModule[] {
  return [TypeOrmModule.forRoot(database), LoggerModule.forRoot(logger)];
}
