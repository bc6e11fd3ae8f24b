import type { DataSource } from 'typeorm';
import { TracingConfigurationError } from '../configuration.error.js';
import { DataSourceTracer } from './data-source-tracer.js';
import type { TypeOrmTracingOptions } from './typeorm-tracing.options.js';
import { resolveTypeOrmTracingOptions } from './typeorm-tracing.schema.js';

/** Where an instrumented DataSource keeps its tracer, found by every copy of this package. */
const TRACER = Symbol.for('nestjs-tracing:typeorm');

/**
 * Gives every statement of a DataSource a CLIENT span, a child of the span that is active where the
 * statement is issued. Only methods of this one instance, of its driver and of its query runners are
 * shadowed. Doing it again changes nothing: the first options hold.
 *
 * A statement's span starts when it is issued, before a connection is acquired, and ends when its
 * result has settled; it is active meanwhile. A stream's span ends with the stream. A transaction with
 * a callback has an active INTERNAL span `transaction` around it; one by hand has a span from its start
 * to its end, to which its statements link. A long or failed wait for a connection has a span
 * `acquire connection`. Each `initialize()` gets an INTERNAL span `DataSource.initialize`, the parent
 * of the statements issued by it.
 *
 * @param dataSource initialized or not yet; only what is issued from now on is traced
 * @param options what spans say of a statement; every one is optional
 * @returns the same DataSource
 * @throws TracingConfigurationError for MongoDB, which has no SQL, and for an option it does not know
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 *
 * @example
 * ```ts
 * const dataSource = instrumentDataSource(new DataSource({ type: 'postgres', url }));
 * await dataSource.initialize();
 * ```
 */
export function instrumentDataSource<D extends DataSource>(
  dataSource: D,
  options?: TypeOrmTracingOptions,
): D {
  const resolved = resolveTypeOrmTracingOptions(options);
  assertSqlDriver(dataSource.options.type);
  if (Object.hasOwn(dataSource, TRACER)) return dataSource;
  const tracer = new DataSourceTracer(dataSource, resolved);
  Object.defineProperty(dataSource, TRACER, { value: tracer });
  tracer.attach();
  return dataSource;
}

/**
 * Refuses what issues no SQL.
 *
 * @throws TracingConfigurationError naming the instrumentation to use instead
 */
export function assertSqlDriver(type: string | undefined): void {
  if (type !== 'mongodb') return;
  throw new TracingConfigurationError(
    'type',
    'MongoDB issues no SQL; trace it with @opentelemetry/instrumentation-mongodb, passed to ' +
      'TracingModule as sdk.instrumentations, and set it up with TypeOrmModule',
  );
}
