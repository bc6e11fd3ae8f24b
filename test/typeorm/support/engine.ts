import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { TypeOrmTracingOptions } from 'nestjs-tracing/typeorm';
import { MARIADB, POSTGRES } from '../../support/services.js';
import { ENTITIES } from './entities.js';

/** A database server with a place of its own for one test file. */
export interface Engine {
  readonly systemName: string;
  readonly options: DataSourceOptions;
  /** Takes away what the tests made. */
  drop(): Promise<void>;
}

/** An instrumented DataSource with fresh tables. */
export async function connect(
  engine: Engine,
  tracing?: TypeOrmTracingOptions,
  options: object = {},
): Promise<DataSource> {
  const merged = { entities: ENTITIES, synchronize: true, dropSchema: true, ...engine.options };
  const dataSource = new DataSource({ ...merged, ...options } as DataSourceOptions);
  return instrumentDataSource(dataSource, tracing).initialize();
}

/** PostgreSQL, real or embedded, in a schema of this process. */
export async function postgresEngine(
  server: { readonly host: string; readonly port: number },
  database: string,
): Promise<Engine> {
  const schema = `tracing_typeorm_${process.pid}`;
  const base = { ...POSTGRES, ...server, database, type: 'postgres' } as const;
  await administer(base, `CREATE SCHEMA ${schema}`);
  return {
    systemName: 'postgresql',
    options: { ...base, schema },
    drop: () => administer(base, `DROP SCHEMA ${schema} CASCADE`),
  };
}

/** MariaDB, spoken to as `mysql`, in a database of this process. */
export async function mariaDbEngine(): Promise<Engine> {
  const database = `tracing_typeorm_${process.pid}`;
  const base = { ...MARIADB, type: 'mysql' } as const;
  await administer(base, `CREATE DATABASE ${database}`);
  return {
    systemName: 'mariadb',
    options: { ...base, database },
    drop: () => administer(base, `DROP DATABASE ${database}`),
  };
}

/** SQLite in this process, a database of its own for each DataSource. */
export function sqljsEngine(): Promise<Engine> {
  return Promise.resolve({
    systemName: 'sqlite',
    options: { type: 'sqljs' },
    drop: () => Promise.resolve(),
  });
}

async function administer(options: DataSourceOptions, statement: string): Promise<void> {
  const dataSource = await new DataSource(options).initialize();
  await dataSource.query(statement);
  await dataSource.destroy();
}
