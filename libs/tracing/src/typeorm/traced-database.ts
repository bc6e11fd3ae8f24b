import type { Attributes } from '@opentelemetry/api';
import type { DataSource, ReplicationMode } from 'typeorm';
import type { DatabaseMetrics } from './database/database-metrics.js';
import type { StartUp } from './start-up.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.schema.js';

/** One DataSource and how it is traced. */
export interface TracedDatabase {
  readonly dataSource: DataSource;
  readonly options: ResolvedTypeOrmTracingOptions;
  readonly startUp: StartUp;
  readonly metrics: DatabaseMetrics | undefined;
  /** What is said of the database that a role talks to. */
  readonly attributes: (mode?: ReplicationMode) => Attributes;
}
