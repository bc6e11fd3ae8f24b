import type { Attributes } from '@opentelemetry/api';
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
import { defaultPort, hostAndPort } from '../host-and-port.js';
import { headerAttributes } from '../header-attributes.js';
import type { RequestMethod } from '../request-method.js';
import type { UrlRedaction } from '../redaction/redact-url.js';
import type { FrameworkRequest } from './framework-request.js';

/** What of a request is recorded beside what always is. */
export interface RequestRecording {
  readonly redaction: UrlRedaction;
  readonly requestHeaders: readonly string[];
}

/**
 * What a SERVER span has when it starts, so that samplers see it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function requestAttributes(
  request: FrameworkRequest,
  { method, original }: RequestMethod,
  recording: RequestRecording,
): Attributes {
  const { raw, scheme, route } = request;
  const { socket } = raw;
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_NETWORK_PROTOCOL_VERSION]: protocolVersion(raw.httpVersion),
    ...target(request.url, recording.redaction),
    ...server(request.host, scheme),
  };
  setKnown(attributes, ATTR_HTTP_REQUEST_METHOD_ORIGINAL, original);
  setKnown(attributes, ATTR_HTTP_ROUTE, route);
  setKnown(attributes, ATTR_CLIENT_ADDRESS, request.clientAddress);
  setKnown(attributes, ATTR_NETWORK_PEER_ADDRESS, socket?.remoteAddress);
  setKnown(attributes, ATTR_NETWORK_PEER_PORT, socket?.remotePort);
  setKnown(attributes, ATTR_USER_AGENT_ORIGINAL, raw.headers['user-agent']);
  if (recording.requestHeaders.length === 0) return attributes;
  const read = (name: string) => raw.headers[name];
  return {
    ...attributes,
    ...headerAttributes('http.request.header', recording.requestHeaders, read),
  };
}

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const origin = /^https?:\/\/[^/?]*/i.exec(url)?.[0] ?? '';
  const end = url.indexOf('?');
  return (end < 0 ? url.slice(origin.length) : url.slice(origin.length, end)) || '/';
}

/** HTTP/2 has no minor version. */
export function protocolVersion(version: string): string {
  return version === '2.0' ? '2' : version;
}

function target(url: string, redaction: UrlRedaction): Attributes {
  const path = pathOf(url);
  const at = url.indexOf('?');
  if (at < 0 || at === url.length - 1) return { [ATTR_URL_PATH]: path };
  return { [ATTR_URL_PATH]: path, [ATTR_URL_QUERY]: redaction.query(url.slice(at + 1)) };
}

function server(host: string | undefined, scheme: string): Attributes {
  const named = hostAndPort(host);
  if (named === undefined) return {};
  return {
    [ATTR_SERVER_ADDRESS]: named.address,
    [ATTR_SERVER_PORT]: named.port ?? defaultPort(scheme),
  };
}

function setKnown(attributes: Attributes, key: string, value: string | number | undefined): void {
  if (value !== undefined && value !== '') attributes[key] = value;
}
