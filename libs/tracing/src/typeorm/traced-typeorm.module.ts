import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { TypeOrmModuleAsyncOptions, TypeOrmModuleOptions } from '@nestjs/typeorm';
import { afterTracing } from './async-options.js';
import { DISCOVERY_OPTIONS, DataSourceExplorer } from './data-source-explorer.js';
import { assertSqlDriver } from './instrument-data-source.js';
import { tracedDataSource } from './traced-data-source.js';
import type { TypeOrmTracingOptions } from './typeorm-tracing.options.js';
import { resolveTypeOrmTracingOptions } from './typeorm-tracing.schema.js';

/**
 * `TypeOrmModule` with every statement traced: a CLIENT span each, a child of the span that is active
 * where it is issued. `forFeature()`, repositories and injection stay those of `TypeOrmModule`.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     TracingModule.forRoot(),
 *     TracedTypeOrmModule.forRoot({ type: 'postgres', url, autoLoadEntities: true }),
 *     TypeOrmModule.forFeature([Order]),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({})
export class TracedTypeOrmModule {
  /**
   * Sets a DataSource up as `TypeOrmModule.forRoot()` does. It connects after `TracingModule` has
   * started, so the statements of the start-up are traced too, under one span.
   *
   * @param options as for `TypeOrmModule.forRoot()`
   * @param tracing how statements are traced; every option is optional
   * @throws TracingConfigurationError for MongoDB and for a tracing option it does not know
   */
  static forRoot(
    options: TypeOrmModuleOptions = {},
    tracing?: TypeOrmTracingOptions,
  ): DynamicModule {
    assertSqlDriver(options.type);
    const { name } = options;
    const named = name === undefined ? {} : { name };
    return TracedTypeOrmModule.forRootAsync({ ...named, useFactory: () => options }, tracing);
  }

  /**
   * As `forRoot`, with options from a factory, a class or an existing provider. A `dataSourceFactory`
   * of the application makes the DataSource.
   *
   * @param options as for `TypeOrmModule.forRootAsync()`
   * @param tracing how statements are traced; every option is optional
   * @throws TracingConfigurationError for a tracing option it does not know, and when the application
   * starts for MongoDB
   */
  static forRootAsync(
    options: TypeOrmModuleAsyncOptions,
    tracing?: TypeOrmTracingOptions,
  ): DynamicModule {
    return {
      module: TracedTypeOrmModule,
      imports: [
        TypeOrmModule.forRootAsync({
          ...afterTracing(options),
          dataSourceFactory: tracedDataSource(tracing, options.dataSourceFactory),
        }),
      ],
    };
  }

  /**
   * Traces the DataSources that the application sets up by other means, such as
   * `TypeOrmModule.forRoot()`: all that are providers when modules are initialised. What they issue
   * before is not seen. A DataSource that is traced already stays as it is.
   *
   * @param tracing how statements are traced; every option is optional
   * @throws TracingConfigurationError for an option it does not know
   */
  static forDiscovery(tracing: TypeOrmTracingOptions = {}): DynamicModule {
    resolveTypeOrmTracingOptions(tracing);
    return {
      module: TracedTypeOrmModule,
      imports: [DiscoveryModule],
      providers: [{ provide: DISCOVERY_OPTIONS, useValue: tracing }, DataSourceExplorer],
    };
  }
}
