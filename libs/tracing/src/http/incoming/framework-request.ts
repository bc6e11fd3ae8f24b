import type { IncomingRequest } from '../http-options.interface.js';

/** A request as far as its span must know it, whichever framework took it. */
export interface FrameworkRequest {
  readonly raw: IncomingRequest;
  /** The target as the client sent it. */
  readonly url: string;
  readonly scheme: string;
  /** Host and port as the client named them. */
  readonly host: string | undefined;
  readonly clientAddress: string | undefined;
  /** The route's template, where the framework knows it before its hooks run. */
  readonly route: string | undefined;
}

/** What is read of Express's request, Fastify's request, or Node's own. */
interface AnyRequest {
  readonly raw?: IncomingRequest;
  readonly originalUrl?: unknown;
  readonly protocol?: unknown;
  readonly host?: unknown;
  readonly ip?: unknown;
  readonly routeOptions?: { readonly url?: unknown };
  readonly is404?: boolean;
}

/**
 * Reads a request through its framework, whose own setting (`trust proxy` of Express, `trustProxy` of
 * Fastify) decides whether forwarded headers tell client, scheme and host.
 */
export function frameworkRequest(given: object): FrameworkRequest {
  const request = given as AnyRequest;
  const raw = request.raw ?? (given as IncomingRequest);
  return {
    raw,
    url: text(request.originalUrl) ?? raw.url ?? '/',
    scheme: text(request.protocol) ?? schemeOf(raw),
    host: text(request.host) ?? raw.headers.host ?? text(raw.headers[':authority']),
    clientAddress: text(request.ip) ?? raw.socket?.remoteAddress,
    route: request.is404 === true ? undefined : text(request.routeOptions?.url),
  };
}

/** What Nest gives Express below a global prefix to answer 404 with: it matches whatever nothing else did. */
const NOT_FOUND = '*path';

/** The template of the route that Express itself matched, for handlers that Nest does not know. */
export function expressRoute(given: object): string | undefined {
  const { route, baseUrl } = given as { route?: { path?: unknown }; baseUrl?: unknown };
  const path = text(route?.path);
  return path === undefined || path === NOT_FOUND ? undefined : `${text(baseUrl) ?? ''}${path}`;
}

function schemeOf(raw: IncomingRequest): string {
  if ('scheme' in raw && raw.scheme !== undefined) return raw.scheme;
  return 'encrypted' in raw.socket && raw.socket.encrypted === true ? 'https' : 'http';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
