import type { IncomingRequest } from '../http-options.interface.js';

/** A request as far as its span must know it, whichever framework took it. */
export interface RequestDescription {
  /** The target as the client sent it. */
  readonly url: string;
  readonly scheme: string;
  /** Host and port as the client named them. */
  readonly host: string | undefined;
  readonly clientAddress: string | undefined;
}

/** The part that is read of Express's request, Fastify's request, or Node's own. */
interface AnyRequest {
  readonly raw?: IncomingRequest;
  readonly originalUrl?: unknown;
  readonly protocol?: unknown;
  readonly host?: unknown;
  readonly ip?: unknown;
}

/** Returns Node's request: Fastify wraps it, Express extends it. */
export function nodeRequest(frameworkRequest: object): IncomingRequest {
  return (frameworkRequest as AnyRequest).raw ?? (frameworkRequest as IncomingRequest);
}

/**
 * Reads a request through its framework, whose own setting (`trust proxy` of Express, `trustProxy` of
 * Fastify) decides whether forwarded headers tell client, scheme and host.
 *
 * @param request Node's own, which says what the framework's does not
 */
export function describeRequest(
  frameworkRequest: object,
  request: IncomingRequest,
): RequestDescription {
  const { host, ip } = frameworkRequest as AnyRequest;
  return {
    url: targetOf(frameworkRequest, request),
    scheme: schemeOf(frameworkRequest, request),
    host: text(host) ?? request.headers.host ?? text(request.headers[':authority']),
    clientAddress: plainAddress(text(ip) ?? request.socket?.remoteAddress),
  };
}

/** The target of a request as the client sent it, whatever has been mounted since. */
export function targetOf(frameworkRequest: object, request: IncomingRequest): string {
  return text((frameworkRequest as AnyRequest).originalUrl) ?? request.url ?? '/';
}

/** The scheme by which the client sent it. */
export function schemeOf(frameworkRequest: object, request: IncomingRequest): string {
  return text((frameworkRequest as AnyRequest).protocol) ?? ownScheme(request);
}

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** Returns an address without the prefix that a socket for both versions of IP puts before IPv4. */
export function plainAddress(address: string | undefined): string | undefined {
  if (address?.startsWith('::') !== true) return address;
  return MAPPED.exec(address)?.[1] ?? address;
}

function ownScheme(request: IncomingRequest): string {
  if ('scheme' in request && request.scheme !== undefined) return request.scheme;
  return 'encrypted' in request.socket && request.socket.encrypted === true ? 'https' : 'http';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
