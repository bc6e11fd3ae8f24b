import type { Attributes } from '@opentelemetry/api';
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions';
import type { ServerAddress } from './server-address.js';
import { isDefaultPort } from './server-address.js';

interface Endpoint {
  readonly host?: unknown;
  readonly port?: unknown;
}

interface MysqlConnection extends Endpoint {
  readonly config?: Endpoint & { readonly socketPath?: unknown };
}

/** Returns where a connection of `pg` or `mysql2` leads; undefined for others. */
export function connectionAddress(connection: unknown): ServerAddress | undefined {
  const candidate: unknown = Array.isArray(connection) ? connection[0] : connection;
  if (typeof candidate !== 'object' || candidate === null) return undefined;
  const { config } = candidate as MysqlConnection;
  const { host, port } = (typeof config?.host === 'string' ? config : candidate) as Endpoint;
  if (config?.socketPath || typeof host !== 'string' || host === '') return undefined;
  return { address: host, port: Number(port) > 0 ? Number(port) : undefined };
}

/** Returns `server.address`, and `server.port` if it is not the default of the database. */
export function serverAttributes(server: ServerAddress | undefined, system: string): Attributes {
  if (server === undefined) return {};
  const { address, port } = server;
  const attributes: Attributes = { [ATTR_SERVER_ADDRESS]: address };
  if (port !== undefined && !isDefaultPort(port, system)) attributes[ATTR_SERVER_PORT] = port;
  return attributes;
}
