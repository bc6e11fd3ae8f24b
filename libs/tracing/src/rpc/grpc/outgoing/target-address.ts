import type { Attributes } from '@opentelemetry/api';
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions';

/**
 * Returns `server.address` and `server.port` of the target of a channel, as gRPC writes it: `host:port`,
 * `dns:///host:port`, `ipv4:1.2.3.4:50051`, `unix:/run/orders.sock`. Of several addresses nobody knows
 * which it is.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/naming.md
 */
export function targetAttributes(target: unknown): Attributes {
  if (typeof target !== 'string' || target === '' || target.includes(',')) return {};
  const [, scheme = '', rest = target] =
    /^(dns|ipv4|ipv6|unix|xds):(?:\/\/[^/]*\/)?(.*)$/.exec(target) ?? [];
  if (scheme === 'unix' || scheme === 'xds') return { [ATTR_SERVER_ADDRESS]: rest };
  const url = URL.parse(`tcp://${rest}`);
  if (url === null || url.hostname === '') return { [ATTR_SERVER_ADDRESS]: rest };
  const address = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? {} : { [ATTR_SERVER_PORT]: Number(url.port) };
  return { [ATTR_SERVER_ADDRESS]: address, ...port };
}
