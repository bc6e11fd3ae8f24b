import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';

/** The figures of a pool. */
export interface PoolState {
  readonly idle: number;
  readonly used: number;
  readonly pending: number;
  readonly max: number | undefined;
}

/** The pools of `pg`. */
interface PostgresPool {
  readonly totalCount?: unknown;
  readonly idleCount?: unknown;
  readonly waitingCount?: unknown;
  readonly options?: { readonly max?: unknown };
}

/** The pools of `mysql2`, which has no public figures. */
interface MysqlPool {
  readonly _allConnections?: { readonly length: number };
  readonly _freeConnections?: { readonly length: number };
  readonly _connectionQueue?: { readonly length: number };
  readonly config?: { readonly connectionLimit?: unknown };
}

interface PooledDriver {
  readonly master?: PostgresPool;
  readonly slaves?: readonly PostgresPool[];
  readonly pool?: MysqlPool;
}

/** Returns the state of a driver's pools together, or undefined for a driver that does not show it. */
export function poolState(driver: object): PoolState | undefined {
  const { master, slaves = [], pool } = driver as PooledDriver;
  const states = [master, ...slaves].map(postgresState).concat(mysqlState(pool));
  const known = states.filter((state) => state !== undefined);
  return known.length === 0 ? undefined : known.reduce(sum);
}

/**
 * Returns the name of a pool that has none, from the attributes of its database.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-metrics/
 */
export function poolName(database: Attributes): string {
  const {
    [ATTR_SERVER_ADDRESS]: address = '',
    [ATTR_SERVER_PORT]: port,
    [ATTR_DB_NAMESPACE]: namespace = '',
  } = database as Record<string, string | undefined>;
  return `${address}${port === undefined ? '' : `:${port}`}/${namespace}`;
}

function postgresState(pool: PostgresPool | undefined): PoolState | undefined {
  const { totalCount, idleCount, waitingCount, options } = pool ?? {};
  if (typeof totalCount !== 'number' || typeof idleCount !== 'number') return undefined;
  return {
    idle: idleCount,
    used: totalCount - idleCount,
    pending: Number(waitingCount ?? 0),
    max: typeof options?.max === 'number' ? options.max : undefined,
  };
}

function mysqlState(pool: MysqlPool | undefined): PoolState | undefined {
  const { _allConnections: all, _freeConnections: free, _connectionQueue: queue } = pool ?? {};
  if (all === undefined || free === undefined) return undefined;
  const max = pool?.config?.connectionLimit;
  return {
    idle: free.length,
    used: all.length - free.length,
    pending: queue?.length ?? 0,
    max: typeof max === 'number' ? max : undefined,
  };
}

function sum(a: PoolState, b: PoolState): PoolState {
  return {
    idle: a.idle + b.idle,
    used: a.used + b.used,
    pending: a.pending + b.pending,
    max: a.max === undefined || b.max === undefined ? undefined : a.max + b.max,
  };
}
