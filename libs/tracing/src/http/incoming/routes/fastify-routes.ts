import type { RouteSearch } from './route-search.interface.js';

/** The part of Fastify's request that is read. */
interface FastifyRequest {
  readonly routeOptions?: { readonly url?: unknown };
  readonly is404?: boolean;
}

/** Finds the route of a request of Fastify, which knows it before any hook runs. */
export const FASTIFY_ROUTES: RouteSearch = Object.freeze({ find, foresee: find });

function find(frameworkRequest: object): string | undefined {
  const { routeOptions, is404 } = frameworkRequest as FastifyRequest;
  const url = routeOptions?.url;
  return is404 !== true && typeof url === 'string' && url !== '' ? url : undefined;
}
