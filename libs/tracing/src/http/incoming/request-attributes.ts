import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import { LastHost, defaultPort } from '../host-and-port.js';
import { headerAttributes } from '../header-attributes.js';
import type { RequestMethod } from '../request-method.js';
import { createUrlRedaction } from '../../redaction/redact-url.js';
import type { UrlRedaction } from '../../redaction/redact-url.js';
import type { IncomingHttpOptions, IncomingRequest } from '../http-options.interface.js';
import { plainAddress } from './request-description.js';
import type { RequestDescription } from './request-description.js';

/** The absolute form of a target, which proxies send. */
const ORIGIN = /^https?:\/\/[^/]*/i;

/** Says what of a request is recorded beside what always is. */
export interface RequestRecording {
  readonly redaction: UrlRedaction;
  readonly requestHeaders: readonly string[];
  readonly hosts: LastHost;
}

/** Returns it by the options of an application. */
export function requestRecording(options: Required<IncomingHttpOptions>): RequestRecording {
  const { redactQuery, requestHeaders } = options;
  return { redaction: createUrlRedaction(redactQuery), requestHeaders, hosts: new LastHost() };
}

/**
 * Returns what a SERVER span has when it starts, so that samplers see it: keys and values by turns, each key
 * once.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function requestPairs(
  request: IncomingRequest,
  { url, scheme, host, clientAddress }: RequestDescription,
  { method, original }: RequestMethod,
  route: string | undefined,
  recording: RequestRecording,
): unknown[] {
  const { headers, socket, httpVersion } = request;
  const query = queryOf(url, recording.redaction);
  const named = recording.hosts.of(host);
  const peer = plainAddress(socket?.remoteAddress);
  const userAgent = headers['user-agent'];
  const pairs: unknown[] = [
    ATTR_HTTP_REQUEST_METHOD,
    method,
    ATTR_URL_SCHEME,
    scheme,
    ATTR_URL_PATH,
    pathOf(url),
  ];
  if (httpVersion) pairs.push(ATTR_NETWORK_PROTOCOL_VERSION, protocolVersion(httpVersion));
  if (query) pairs.push(ATTR_URL_QUERY, query);
  if (named !== undefined) {
    pairs.push(ATTR_SERVER_ADDRESS, named.address);
    pairs.push(ATTR_SERVER_PORT, named.port ?? defaultPort(scheme));
  }
  if (original) pairs.push(ATTR_HTTP_REQUEST_METHOD_ORIGINAL, original);
  if (route) pairs.push(ATTR_HTTP_ROUTE, route);
  if (clientAddress) pairs.push(ATTR_CLIENT_ADDRESS, clientAddress);
  if (peer) pairs.push(ATTR_NETWORK_PEER_ADDRESS, peer);
  if (socket?.remotePort !== undefined) pairs.push(ATTR_NETWORK_PEER_PORT, socket.remotePort);
  if (userAgent) pairs.push(ATTR_USER_AGENT_ORIGINAL, userAgent);
  if (recording.requestHeaders.length > 0) {
    const read = (name: string) => headers[name];
    const recorded = headerAttributes('http.request.header', recording.requestHeaders, read);
    pairs.push(...Object.entries(recorded).flat());
  }
  return pairs;
}

/** Returns the path of a request target, without query and fragment. */
export function pathOf(url: string): string {
  const path = url.slice(0, endOfPath(url));
  if (path.startsWith('/')) return path;
  return path.slice(ORIGIN.exec(path)?.[0].length ?? 0) || '/';
}

function endOfPath(url: string): number {
  const query = url.indexOf('?');
  const fragment = url.indexOf('#');
  if (query < 0) return fragment < 0 ? url.length : fragment;
  return fragment < 0 ? query : Math.min(query, fragment);
}

/** HTTP/2 has no minor version. */
export function protocolVersion(version: string): string {
  return version === '2.0' ? '2' : version;
}

function queryOf(url: string, redaction: UrlRedaction): string | undefined {
  const at = url.indexOf('?');
  if (at < 0) return undefined;
  const [query = ''] = url.slice(at + 1).split('#', 1);
  return query === '' ? undefined : redaction.query(query);
}
