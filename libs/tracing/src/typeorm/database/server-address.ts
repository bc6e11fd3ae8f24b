import type { DataSourceOptions, ReplicationMode } from 'typeorm';

/** Where a server listens. */
export interface ServerAddress {
  /** `server.address`: a host, or the path of a socket. */
  readonly address: string;
  /** `server.port`, if it is not the default of its database. */
  readonly port: number | undefined;
}

interface Endpoint {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly url?: unknown;
  readonly socketPath?: unknown;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgresql: 5432,
  cockroachdb: 26257,
  mysql: 3306,
  mariadb: 3306,
  'microsoft.sql_server': 1433,
  'oracle.db': 1521,
};

/** Databases whose driver takes the local host if none is named. */
const LOCAL_BY_DEFAULT = new Set(['postgresql', 'cockroachdb', 'mysql', 'mariadb']);

/**
 * The server that a query runner of a role talks to; undefined for embedded databases and for
 * replicas with several addresses, of which the pool picks one later.
 */
export function serverAddress(
  options: DataSourceOptions,
  mode: ReplicationMode,
  system: string,
): ServerAddress | undefined {
  const [first, ...others] = endpointsOf(options, mode).map((endpoint) =>
    addressOf(endpoint, system),
  );
  const same = others.every((o) => o?.address === first?.address && o?.port === first?.port);
  return same ? first : undefined;
}

/** Whether a database listens on a port unless it is told otherwise. */
export function isDefaultPort(port: number, system: string): boolean {
  return port === DEFAULT_PORTS[system];
}

function endpointsOf(options: DataSourceOptions, mode: ReplicationMode): Endpoint[] {
  const { replication } = options as {
    replication?: { master: Endpoint; slaves: readonly Endpoint[] };
  };
  if (replication === undefined) return [options as Endpoint];
  return mode === 'slave' ? [...replication.slaves] : [replication.master];
}

/** As TypeORM does, a `url` outweighs single options. */
function addressOf(endpoint: Endpoint, system: string): ServerAddress | undefined {
  const url = parseUrl(endpoint.url);
  const host = url?.hostname || endpoint.host || endpoint.socketPath;
  const address = host || (LOCAL_BY_DEFAULT.has(system) ? 'localhost' : undefined);
  if (typeof address !== 'string') return undefined;
  const port = Number(url?.port || endpoint.port);
  const isDefault = !(port > 0) || isDefaultPort(port, system);
  return { address: address.replace(/^\[(.*)\]$/, '$1'), port: isDefault ? undefined : port };
}

function parseUrl(url: unknown): URL | undefined {
  return (typeof url === 'string' && URL.parse(url)) || undefined;
}
