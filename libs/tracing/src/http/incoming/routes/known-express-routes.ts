import { globTest } from '../../../tracer/sampling/glob.js';
import type { ExpressLayer, ExpressRoute } from './express-layer.js';
import { layersOf, matchLayer } from './express-layer.js';
import type { KnownRoutes } from './route-search.interface.js';

type IsMiddleware = (handle: unknown) => boolean;

/** Lists the routes of a router, as rules of sampling see them. What is mounted may serve more. */
export function knownExpressRoutes(
  layers: readonly ExpressLayer[],
  isMiddleware: IsMiddleware,
): KnownRoutes {
  const routes = layers.map(({ route }) => route).filter((route) => route !== undefined);
  const mounts = layers.filter(
    (layer) => layer.route === undefined && !isAnsweredByNest(layer, isMiddleware),
  );
  return {
    kind: 'route',
    subjects: routes
      .filter(({ stack = [] }) => !stack.some(({ handle }) => isMiddleware(handle)))
      .flatMap(subjectsOf),
    mayHave: (pattern) => mounts.some((mount) => mayServe(mount, pattern)),
  };
}

/** Whether nothing is there but what Nest has put there: its middleware, or its 404 below a prefix. */
function isAnsweredByNest(
  { route, handle }: Pick<ExpressLayer, 'handle' | 'route'>,
  isMiddleware: IsMiddleware,
): boolean {
  if (isMiddleware(handle)) return true;
  const inner = route === undefined ? layersOf(handle) : route.stack;
  if (inner === undefined || inner.length === 0) return false;
  return inner.every((layer) => isAnsweredByNest(layer, isMiddleware));
}

function subjectsOf({ path, methods = {} }: ExpressRoute): { name: string; method?: string }[] {
  const names = [path].flat(Infinity).filter((each) => typeof each === 'string');
  const taken = Object.keys(methods).filter((method) => methods[method] === true);
  return names.flatMap((name) =>
    taken.includes('_all')
      ? { name }
      : taken.map((method) => ({ name, method: method.toUpperCase() })),
  );
}

/** Whether what is mounted may get requests that a pattern is for. At the root it has no template. */
function mayServe(mount: ExpressLayer, pattern: string): boolean {
  if (isBelow(mount, pattern.replaceAll('*', ''))) return true;
  if (!pattern.includes('*') || isAtRoot(mount)) return false;
  const paths = [mount.rawPath].flat(Infinity).filter((path) => typeof path === 'string');
  return paths.length === 0 || paths.some(globTest(pattern));
}

function isBelow(mount: ExpressLayer, path: string): boolean {
  const taken = matchLayer(mount, path)?.taken;
  return taken !== undefined && taken !== '';
}

function isAtRoot(mount: ExpressLayer): boolean {
  return matchLayer(mount, '/nestjs-tracing')?.taken === '';
}
