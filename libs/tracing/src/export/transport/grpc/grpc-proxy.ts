import { BlockList, isIP } from 'node:net';
import type { GrpcTarget } from './grpc-target.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy that a call goes through, by the variables that gRPC has everywhere: `grpc_proxy`,
 * else `https_proxy`, else `http_proxy`, and those hosts excepted that `no_grpc_proxy`, else
 * `no_proxy` lists.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/environment_variables.md
 */
export function proxyFor({ host }: Pick<GrpcTarget, 'host'>, env: Environment): URL | undefined {
  const { grpc_proxy, https_proxy, http_proxy, no_grpc_proxy, no_proxy } = env;
  const text = grpc_proxy || https_proxy || http_proxy || '';
  if (!URL.canParse(text)) return undefined;
  const proxy = new URL(text);
  if (proxy.protocol !== 'http:') return undefined;
  const excepted = (no_grpc_proxy || no_proxy || '').split(',').map((entry) => entry.trim());
  return excepted.some((entry) => isMatch(host, entry)) ? undefined : proxy;
}

/** An entry is a host, the end of its name, or a range of addresses. */
function isMatch(host: string, entry: string): boolean {
  if (entry === '') return false;
  const [address = '', bits] = entry.split('/');
  if (bits === undefined) return host === entry || host.endsWith(entry);
  const [hostFamily, family] = [isIP(host), isIP(address)];
  const isRange = /^\d+$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
  if (hostFamily === 0 || hostFamily !== family || !isRange) return false;
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  return range.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
