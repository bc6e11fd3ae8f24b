import type { Attributes } from '@opentelemetry/api';
import { ATTR_DB_NAMESPACE, ATTR_DB_SYSTEM_NAME } from '@opentelemetry/semantic-conventions';
import type { DataSource, ReplicationMode } from 'typeorm';
import { serverAttributes } from './connection-address.js';
import { namespaceOf, systemName } from './database-system.js';
import { serverAddress } from './server-address.js';

/**
 * Returns what is said of a database and of the server that a role talks to.
 *
 * @param serverSays the server's own word for its version, if it was heard
 */
export function describeDatabase(
  dataSource: DataSource,
  mode: ReplicationMode,
  serverSays: string | undefined,
): Attributes {
  const system = systemName(dataSource, serverSays);
  const namespace = namespaceOf(dataSource, system);
  const server = serverAddress(dataSource.options, mode, system);
  const attributes: Attributes = { [ATTR_DB_SYSTEM_NAME]: system };
  if (namespace !== undefined) attributes[ATTR_DB_NAMESPACE] = namespace;
  return Object.assign(attributes, serverAttributes(server, system));
}
