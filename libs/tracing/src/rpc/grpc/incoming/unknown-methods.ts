import type { EventEmitter } from 'node:events';
import { guard } from '../../../span/guard.js';

/** A server of `@grpc/grpc-js`, as far as it is looked at. */
interface GrpcServer {
  readonly http2Servers?: unknown;
  readonly handlers?: unknown;
}

type Http2Headers = Readonly<Record<string, unknown>>;

/**
 * Tells of calls of methods that a server does not have: it refuses them before any interceptor. Listens
 * beside it until the function returned is called; where the server does not show what it has, to none.
 *
 * @param found told of the method's path and the headers of its call
 */
export function watchUnknownMethods(
  server: GrpcServer,
  found: (path: string, headers: Http2Headers) => void,
): () => void {
  const { http2Servers, handlers } = server;
  if (!(http2Servers instanceof Map) || !(handlers instanceof Map)) return () => undefined;
  const onStream = (_stream: unknown, headers: Http2Headers): void => {
    guard('tracing a call', () => {
      const { ':path': path, 'content-type': type } = headers;
      if (typeof path !== 'string' || handlers.has(path)) return;
      if (typeof type === 'string' && type.startsWith('application/grpc')) found(path, headers);
    });
  };
  const servers = [...http2Servers.keys()] as EventEmitter[];
  for (const http2Server of servers) http2Server.on('stream', onStream);
  return () => {
    for (const http2Server of servers) http2Server.off('stream', onStream);
  };
}
