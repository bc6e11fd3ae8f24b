import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Names that no public DNS may hold: loopback (RFC 6761, section 6.3), the local network (RFC 6762,
 * section 3; `cluster.local` of Kubernetes too) and private use (`internal`, reserved by ICANN on
 * 2024-07-29). `svc` is no public domain either: Kubernetes completes `orders.shop.svc` by its search
 * list.
 */
const PRIVATE_DOMAINS = ['localhost', 'local', 'internal', 'svc'];

/** Services of the cloud that hand out credentials: nobody of one's own continues a trace there. */
const METADATA_NAMES = new Set([
  'metadata',
  'metadata.internal',
  'metadata.google.internal',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Loopback, RFC 1918 and RFC 4193. The unspecified address is connected to the machine itself. */
const PRIVATE_ADDRESSES = blockList([
  ['0.0.0.0', 32],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::', 128],
  ['::1', 128],
  ['fc00::', 7],
]);

/** Metadata services of EC2, EKS and Google within RFC 4193. Those of IPv4 are link-local or public. */
const METADATA_ADDRESSES = blockList([
  ['fd00:ec2::', 32],
  ['fd20:ce::', 64],
]);

/**
 * Whether a host is of one's own network, as far as its name or address tells. Link-local addresses
 * are not: whoever shares a cable has one, and so have the metadata services of clouds.
 *
 * @param hostname as `URL` writes it: in lower case, an address of IPv6 in brackets
 */
export function isInternalHost(hostname: string): boolean {
  const host = plainHost(hostname);
  if (isIPv4(host)) return PRIVATE_ADDRESSES.check(host, 'ipv4');
  if (isIPv6(host)) return isPrivateIpv6(host);
  return isPrivateName(host);
}

/** Returns a host in lower case, without brackets and without the dot that ends a full name. */
export function plainHost(hostname: string): string {
  const host = hostname.toLowerCase();
  if (host.startsWith('[') && host.endsWith(']')) return host.slice(1, -1);
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function isPrivateIpv6(address: string): boolean {
  return PRIVATE_ADDRESSES.check(address, 'ipv6') && !METADATA_ADDRESSES.check(address, 'ipv6');
}

function isPrivateName(name: string): boolean {
  if (name === '' || METADATA_NAMES.has(name)) return false;
  const lastDot = name.lastIndexOf('.');
  return lastDot < 0 || PRIVATE_DOMAINS.includes(name.slice(lastDot + 1));
}

function blockList(subnets: readonly (readonly [network: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) {
    list.addSubnet(network, prefix, isIPv4(network) ? 'ipv4' : 'ipv6');
  }
  return list;
}
