import type { Attributes } from '@opentelemetry/api';
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions';
import { isObject } from '../../span/is-object.js';
import type { TransportName } from '../conventions.js';
import type { ClientShape } from './client-shape.js';

/** What the clients of all transports keep of where they connect to. */
interface Connection {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly url?: unknown;
  readonly brokers?: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
}

type Target =
  string | { readonly hostname?: unknown; readonly host?: unknown; readonly port?: unknown };

/** Where Nest's clients connect to by default. */
const DEFAULTS: Partial<Record<TransportName, Target>> = {
  redis: 'localhost:6379',
  nats: 'localhost:4222',
  rmq: 'localhost:5672',
};

/**
 * Returns `server.address` and `server.port` of a client. Where it may connect to one of several servers,
 * nobody knows which it is, and there are none. Credentials of a URL are not looked at.
 */
export function serverAttributes(client: ClientShape, transport: TransportName): Attributes {
  const targets = targetsOf(client as Connection, transport);
  const list = Array.isArray(targets) ? (targets as unknown[]) : [targets];
  const [target = DEFAULTS[transport]] = list;
  if (list.length > 1 || target === undefined) return {};
  const { host, port } = typeof target === 'string' ? hostOf(target) : partsOf(target);
  if (typeof host !== 'string' || host === '') return {};
  const number = Number(port);
  const known = Number.isInteger(number) && number > 0;
  return { [ATTR_SERVER_ADDRESS]: host, ...(known && { [ATTR_SERVER_PORT]: number }) };
}

function targetsOf(client: Connection, transport: TransportName): unknown {
  const { options = {} } = client;
  switch (transport) {
    case 'tcp':
      return { host: client.host, port: client.port };
    case 'redis':
      return { host: options['host'] ?? 'localhost', port: options['port'] ?? 6379 };
    case 'nats':
      return options['servers'];
    case 'rmq':
      return options['urls'];
    case 'kafka':
      return client.brokers;
    default:
      return client.url;
  }
}

/** A URL, or host and port alone; a name of another kind (`unix:…`, `xds:///…`) has no address. */
function hostOf(target: string): { host?: string; port?: string | number } {
  const url = URL.parse(target.includes('://') ? target : `tcp://${target}`);
  if (url === null) return {};
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port };
}

function partsOf(target: unknown): { host?: unknown; port?: unknown } {
  if (!isObject(target)) return {};
  const { hostname, host, port } = target as { hostname?: unknown; host?: unknown; port?: unknown };
  return { host: hostname ?? host, port };
}
