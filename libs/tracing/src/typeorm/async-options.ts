import type {
  TypeOrmModuleAsyncOptions,
  TypeOrmModuleOptions,
  TypeOrmOptionsFactory,
} from '@nestjs/typeorm';
import { TracingService } from '../tracing.service.js';
import { assertSqlDriver } from './instrument-data-source.js';

type OptionsFactory = (...args: unknown[]) => Promise<TypeOrmModuleOptions> | TypeOrmModuleOptions;

/**
 * The same options, asked for after tracing has started: a `TracingService`, if the application has
 * one, is injected before them. All three forms become a factory.
 */
export function afterTracing(options: TypeOrmModuleAsyncOptions): TypeOrmModuleAsyncOptions {
  const { useClass, useExisting, useFactory: _, ...common } = options;
  const { factory, inject } = optionsFactory(options);
  return {
    ...common,
    ...(useClass === undefined || useExisting !== undefined
      ? {}
      : { extraProviders: [...(options.extraProviders ?? []), useClass] }),
    inject: [...inject, { token: TracingService, optional: true }],
    useFactory: async (...args: unknown[]) => {
      const resolved = await factory(...args.slice(0, inject.length));
      assertSqlDriver(resolved.type);
      return resolved;
    },
  };
}

function optionsFactory(options: TypeOrmModuleAsyncOptions): {
  factory: OptionsFactory;
  inject: unknown[];
} {
  const { useFactory, useExisting, useClass, inject = [], name } = options;
  if (useFactory !== undefined) return { factory: useFactory as OptionsFactory, inject };
  const create = (factory: unknown) =>
    (factory as TypeOrmOptionsFactory).createTypeOrmOptions(name);
  const token = useExisting ?? useClass;
  if (token !== undefined) return { factory: create, inject: [token] };
  throw new TypeError(
    'TracedTypeOrmModule.forRootAsync() needs one of useFactory, useClass and useExisting.',
  );
}
