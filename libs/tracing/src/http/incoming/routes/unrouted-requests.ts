import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { IncomingHttp } from '../incoming-http.js';

/** The part of Nest's adapter of Fastify that is used. */
interface FastifyAdapter {
  getType?(): string;
  getHttpServer?(): Partial<Pick<Server, 'prependListener'>> | undefined;
}

/** The shortest parameter that Fastify may refuse, unless it is told of another length. */
const MAX_PARAMETER = 100;

/**
 * Records what Fastify refuses before any hook: a URL that cannot be decoded (400) and one with a
 * parameter that is too long (414). Nothing of the application runs inside of such a request, so its
 * span is made when it is over.
 */
export function recordUnrouted(given: object, incoming: IncomingHttp): void {
  const adapter = given as FastifyAdapter;
  if (adapter.getType?.() !== 'fastify') return;
  const server = adapter.getHttpServer?.();
  server?.prependListener?.('request', (request: IncomingMessage, response: ServerResponse) => {
    const { url = '' } = request;
    if (!url.includes('%') && url.length <= MAX_PARAMETER) return;
    const startTime = Date.now();
    response.once('close', () => incoming.recordUnrouted(request, response, startTime));
  });
}
