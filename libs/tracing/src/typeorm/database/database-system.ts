import type { DataSource } from 'typeorm';

/** `db.system.name` of TypeORM's driver types. */
const SYSTEMS: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  'aurora-postgres': 'postgresql',
  cockroachdb: 'cockroachdb',
  mysql: 'mysql',
  'aurora-mysql': 'mysql',
  mariadb: 'mariadb',
  mssql: 'microsoft.sql_server',
  oracle: 'oracle.db',
  sap: 'sap.hana',
  spanner: 'gcp.spanner',
};

const SQLITE_TYPES = new Set([
  'better-sqlite3',
  'sqlite',
  'sqljs',
  'capacitor',
  'cordova',
  'expo',
  'nativescript',
  'react-native',
]);

/** The first major version of MariaDB that MySQL has never had. */
const MARIADB_MAJOR = 10;

/**
 * `db.system.name`. A MariaDB server that is spoken to as `mysql` is MariaDB.
 *
 * @param serverSays what the server answered when it was asked for its version, if it was heard
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/#db-system-name
 */
export function systemName(dataSource: DataSource, serverSays: string | undefined): string {
  const { type } = dataSource.options;
  if (type === 'mysql' && isMariaDb(dataSource, serverSays)) return 'mariadb';
  return SYSTEMS[type] ?? (SQLITE_TYPES.has(type) ? 'sqlite' : 'other_sql');
}

/** TypeORM keeps the number alone, so the number decides if the answer was not heard. */
function isMariaDb({ driver }: DataSource, serverSays: string | undefined): boolean {
  if (serverSays !== undefined) return /mariadb/i.test(serverSays);
  return Number.parseInt(driver.version ?? '', 10) >= MARIADB_MAJOR;
}

/**
 * `db.namespace` as it is known without asking: `database|schema` on PostgreSQL, which is that of the
 * connection's start; `instance|database` on SQL Server; else the database.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/postgresql/
 */
export function namespaceOf({ driver, options }: DataSource, system: string): string | undefined {
  const { database, schema } = driver;
  if (system === 'postgresql') return joined(database, schema);
  if (options.type === 'mssql') return joined(options.options?.instanceName, database);
  return typeof database === 'string' && database !== '' ? database : undefined;
}

function joined(...parts: readonly unknown[]): string | undefined {
  const known = parts.filter((part) => typeof part === 'string' && part !== '');
  return known.length === 0 ? undefined : known.join('|');
}
