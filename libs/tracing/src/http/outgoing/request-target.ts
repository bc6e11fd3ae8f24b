import { hostAndPort } from '../host-and-port.js';

/** Where a request goes. */
export interface RequestTarget {
  /** The URL that is asked for. */
  readonly url: URL;
  /** Where it is sent, if that is elsewhere: a proxy, or a server that is asked for what is not its own. */
  readonly via?: URL;
  /** The host as it was written, where a URL cannot hold it: `fe80::1%eth0`. */
  readonly address?: string;
}

const ABSOLUTE = /^https?:\/\//i;

/**
 * Reads where a request goes from its connection and its request target. A target in absolute form is
 * a URL of its own; those of CONNECT and `OPTIONS *` name no path.
 *
 * @param origin scheme, host and port of the connection; undefined if that is not known
 * @see https://datatracker.ietf.org/doc/html/rfc9112#section-3.2
 */
export function requestTarget(
  origin: Omit<RequestTarget, 'via'> | undefined,
  path: string,
): RequestTarget | undefined {
  if (origin === undefined) return undefined;
  const { url: connection, address } = origin;
  const local = address === undefined ? {} : { address };
  if (/^[/?]/.test(path)) return { url: under(connection, path), ...local };
  const url = ABSOLUTE.test(path) ? URL.parse(path) : null;
  if (url === null) return { url: connection, ...local };
  return url.origin === connection.origin ? { url, ...local } : { url, via: connection };
}

/** Returns scheme, host and port as a URL, or undefined if the host is none that can be connected to. */
export function originOf(
  protocol: string,
  host: string,
  port: number | undefined,
): Omit<RequestTarget, 'via'> | undefined {
  const bare = host.replace(/^\[|\]$/g, '');
  const zone = bare.includes(':') ? bare.indexOf('%') : -1;
  const address = zone < 0 ? bare : bare.slice(0, zone);
  const authority = address.includes(':') ? `[${address}]` : address;
  if (hostAndPort(authority) === undefined) return undefined;
  const url = URL.parse(`${protocol}//${authority}${port === undefined ? '' : `:${port}`}/`);
  if (url === null) return undefined;
  return zone < 0 ? { url } : { url, address: bare };
}

function under(origin: URL, path: string): URL {
  return URL.parse(`${origin.origin}${path}`) ?? origin;
}
