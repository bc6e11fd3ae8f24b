import { pathOf } from '../request-attributes.js';
import type { ExpressLayer, ExpressRoute } from './express-layer.js';
import { layersOf, matchLayer, templateOf } from './express-layer.js';
import { knownExpressRoutes } from './known-express-routes.js';
import type { KnownRoutes, RouteSearch } from './route-search.interface.js';
import { ExpressTable } from './table/express-table.js';

/** The part of Express's request that is read. */
interface ExpressRequest {
  readonly method?: unknown;
  readonly originalUrl?: unknown;
  readonly baseUrl?: unknown;
  readonly route?: ExpressRoute;
}

/** Whether Nest has put a function there as middleware, which may stand in for a route and is none. */
type IsMiddleware = (handle: unknown) => boolean;

/**
 * Finds the template of whatever has handled a request that Nest has no route for: a route of Express, or
 * a function that is mounted at a path. Routers are searched by the original path, because Express
 * forgets where it was once an error has left a router, and keeps the values of parameters only.
 */
export class ExpressRoutes implements RouteSearch {
  readonly #root: () => unknown;
  readonly #isMiddleware: IsMiddleware;
  readonly #table: ExpressTable;

  /** @param root returns the application's own router */
  constructor(root: () => unknown, isMiddleware: IsMiddleware) {
    this.#root = root;
    this.#isMiddleware = isMiddleware;
    this.#table = new ExpressTable(root, isMiddleware);
  }

  /** By the table of routes, before Express has looked; else by what is mounted at that very path. */
  foresee(frameworkRequest: object): string | undefined {
    const { method, originalUrl } = frameworkRequest as ExpressRequest;
    if (typeof method !== 'string' || typeof originalUrl !== 'string') return undefined;
    const layers = layersOf(this.#root()) ?? [];
    return this.#table.find(method, originalUrl) ?? this.#findMount(layers, pathOf(originalUrl));
  }

  /** Returns the template, or undefined where none is known. */
  find(frameworkRequest: object): string | undefined {
    const { originalUrl, route, baseUrl } = frameworkRequest as ExpressRequest;
    const layers = layersOf(this.#root());
    if (layers === undefined || typeof originalUrl !== 'string') return undefined;
    const path = pathOf(originalUrl);
    const found = this.#isRoute(route) ? findRoute(layers, route, path) : undefined;
    if (found !== undefined) return found;
    return typeof baseUrl === 'string' && baseUrl !== ''
      ? this.#findMount(layers, baseUrl)
      : undefined;
  }

  known(): KnownRoutes {
    return knownExpressRoutes(layersOf(this.#root()) ?? [], this.#isMiddleware);
  }

  #isRoute(route: ExpressRoute | undefined): route is ExpressRoute {
    return (
      route !== undefined && route.stack?.some(({ handle }) => this.#isMiddleware(handle)) !== true
    );
  }

  #findMount(layers: readonly ExpressLayer[], path: string): string | undefined {
    for (const layer of layers) {
      if (layer.route !== undefined || this.#isMiddleware(layer.handle)) continue;
      const match = matchLayer(layer, path);
      if (match === undefined || match.taken === '') continue;
      const { taken, template } = match;
      if (taken.length >= path.length) return template;
      const inner = this.#findMount(layersOf(layer.handle) ?? [], path.slice(taken.length));
      if (inner !== undefined && template !== undefined) return join(template, inner);
    }
    return undefined;
  }
}

function findRoute(
  layers: readonly ExpressLayer[],
  route: ExpressRoute,
  path: string,
): string | undefined {
  for (const layer of layers) {
    if (layer.route === route) {
      return matchLayer(layer, path)?.template ?? templateOf(route.path);
    }
    const inner = layersOf(layer.handle);
    const match = inner && matchLayer(layer, path);
    if (inner === undefined || match === undefined) continue;
    const rest = path.slice(match.taken.length);
    const found = findRoute(inner, route, rest.startsWith('/') ? rest : `/${rest}`);
    if (found !== undefined) return match.template && join(match.template, found);
  }
  return undefined;
}

function join(mount: string, inner: string): string {
  if (mount === '/') return inner;
  const start = mount.endsWith('/') ? mount.slice(0, -1) : mount;
  return inner === '/' ? start : `${start}${inner}`;
}
