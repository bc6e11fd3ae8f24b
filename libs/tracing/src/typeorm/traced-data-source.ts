import type { TypeOrmDataSourceFactory } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { instrumentDataSource } from './instrument-data-source.js';
import type { TypeOrmTracingOptions } from './typeorm-tracing.options.js';
import { resolveTypeOrmTracingOptions } from './typeorm-tracing.schema.js';

/**
 * A `dataSourceFactory` for `TypeOrmModule.forRootAsync()` whose DataSources are traced from their
 * first statement on, those of the start-up included.
 *
 * @param options how statements are traced; every one is optional
 * @param factory makes the DataSource. Default: `new DataSource(options)`
 * @throws TracingConfigurationError for an option it does not know
 *
 * @example
 * ```ts
 * TypeOrmModule.forRootAsync({
 *   useFactory: () => ({ type: 'postgres', url }),
 *   dataSourceFactory: tracedDataSource(),
 * });
 * ```
 */
export function tracedDataSource(
  options: TypeOrmTracingOptions = {},
  factory: TypeOrmDataSourceFactory = newDataSource,
): TypeOrmDataSourceFactory {
  resolveTypeOrmTracingOptions(options);
  return async (dataSourceOptions) =>
    instrumentDataSource(await factory(dataSourceOptions), options);
}

const newDataSource: TypeOrmDataSourceFactory = (options) => {
  if (options !== undefined) return Promise.resolve(new DataSource(options));
  return Promise.reject(new TypeError('tracedDataSource() needs the options of a DataSource.'));
};
